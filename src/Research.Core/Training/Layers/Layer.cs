namespace Research.Training.Layers;

/// <summary>One layer of a model, as its specification describes it.</summary>
public abstract record Layer
{
    private protected Layer()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }

    /// <summary>Checks that the layer fits what arrives, and builds what computes it.</summary>
    /// <param name="input">Shape of one example that arrives, without the batch.</param>
    /// <param name="path">JSON path of this layer, for errors.</param>
    /// <exception cref="SpecException">A number is out of range, or the shape does not fit.</exception>
    internal virtual LayerOperator Bind(IReadOnlyList<int> input, string path) =>
        throw new NotSupportedException($"Several nodes compute {Type}: expand it.");

    /// <summary>Checks the layer as <see cref="Bind"/> does for a layer of one node, and gives the nodes that compute it.</summary>
    /// <param name="input">Shape of one example that arrives, without the batch.</param>
    /// <param name="path">JSON path of this layer, for errors.</param>
    /// <param name="name">Name of this layer, for parameters.</param>
    /// <param name="value">Index of the value that arrives.</param>
    internal virtual IReadOnlyList<Node> Expand(IReadOnlyList<int> input, string path, string name, int value) =>
        [new Node(Bind(input, path), name, Node.NoSkip)];
}
