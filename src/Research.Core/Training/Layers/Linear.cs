using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>A fully connected layer, y = x·Wᵀ + b; on an input [T, I] it works on each of the T rows alike.</summary>
/// <remarks>
/// Parameters: <c>weight</c> [outputs, inputs], <c>bias</c> [outputs], first uniform in ±1/√inputs as in PyTorch.
/// </remarks>
/// <param name="Inputs">Numbers that arrive, at least 1.</param>
/// <param name="Outputs">Numbers that leave, at least 1.</param>
public sealed record Linear(int Inputs, int Outputs) : Layer
{
    /// <inheritdoc/>
    public override string Type => "linear";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path)
    {
        SpecRange.Check(Inputs, 1, Shapes.LargestSize, path + ".inputs");
        SpecRange.Check(Outputs, 1, Shapes.LargestSize, path + ".outputs");
        if (input.Count is not (1 or 2))
        {
            throw new SpecException(
                path, "an input [I] or [T, I] (a flatten layer before this one makes it)", Shapes.Text(input));
        }

        if (input[^1] != Inputs)
        {
            throw new SpecException(path + ".inputs", $"{input[^1]} (the size that arrives there)", $"{Inputs}");
        }

        return new LinearOperator(input.Count == 1 ? 1 : input[0], Inputs, Outputs, input.Count == 1);
    }
}
