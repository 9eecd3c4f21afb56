namespace Research.Training.Layers;

/// <summary>One operation of a network: node i turns value i into value i + 1; value 0 is the input.</summary>
/// <param name="Operator">What computes it.</param>
/// <param name="Name">Name of its layer, such as <c>layers.2</c>: parameters are named after it.</param>
/// <param name="Skip">Index of a second, earlier value that it reads, or <see cref="NoSkip"/>.</param>
internal sealed record Node(LayerOperator Operator, string Name, int Skip)
{
    public const int NoSkip = -1;
}
