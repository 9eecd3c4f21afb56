using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>Looks up a vector for each token: [T] of token numbers becomes [T, size]. The first layer of a
/// model.</summary>
/// <remarks>
/// As <c>torch.nn.Embedding</c>. Tokens are whole numbers held as floats; data with others are refused before training.
/// Parameters: <c>weight</c> [tokens, size], first uniform in ±√3, of variance 1 as PyTorch's.
/// </remarks>
/// <param name="Tokens">Number of different tokens, 1 to 2^24: floats count no further.</param>
/// <param name="Size">Length of a vector, at least 1.</param>
public sealed record Embedding(int Tokens, int Size) : Layer
{
    /// <inheritdoc/>
    public override string Type => "embedding";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path)
    {
        SpecRange.Check(Tokens, 1, Shapes.LargestSize, path + ".tokens");
        SpecRange.Check(Size, 1, Shapes.LargestSize, path + ".size");
        if (input.Count != 1)
        {
            throw new SpecException(path, "an input [T] of token numbers", Shapes.Text(input));
        }

        Shapes.Check([input[0], Size], path);
        long length = (long)Tokens * Size;
        return length <= SpecValidator.MostParameters
            ? new EmbeddingOperator(input[0], Tokens, Size)
            : throw new SpecException(path, $"at most {SpecValidator.MostParameters} parameters up to here", $"{length}");
    }

    internal override IReadOnlyList<Node> Expand(IReadOnlyList<int> input, string path, string name, int value) =>
        value == 0
            ? base.Expand(input, path, name, value)
            : throw new SpecException(path, "an embedding only as the first layer", "one behind another layer");
}
