using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>Brings each row of the last dimension to mean 0 and variance 1, then scales and shifts its
/// elements.</summary>
/// <remarks>
/// y = (x − mean) / √(variance + 10⁻⁵) · weight + bias; the variance is divided by the count. As
/// <c>torch.nn.LayerNorm</c>. Parameters: <c>weight</c> [size], first 1, and <c>bias</c> [size], first 0. Source: Ba,
/// Kiros and Hinton 2016, arXiv:1607.06450v1, Eq. 4.
/// </remarks>
/// <param name="Size">Length of a row: the last size of the input.</param>
public sealed record LayerNorm(int Size) : Layer
{
    /// <inheritdoc/>
    public override string Type => "layerNorm";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path)
    {
        SpecRange.Check(Size, 1, Shapes.LargestSize, path + ".size");
        return input[^1] == Size
            ? new NormOperator(input, Size, 1, Size)
            : throw new SpecException(path + ".size", $"{input[^1]} (the last size that arrives there)", $"{Size}");
    }
}
