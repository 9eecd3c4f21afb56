using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>Multi-head self-attention on a sequence, [T, size] to [T, size].</summary>
/// <remarks>
/// With [q, k, v] = x·W_inᵀ + b_in cut into heads of d = size / heads, y = concat(softmax(q·kᵀ/√d)·v)·W_outᵀ + b_out.
/// As <c>torch.nn.MultiheadAttention</c> with <c>batch_first=True</c>, of one tensor with itself. Parameters:
/// <c>inProjection.weight</c> [3·size, size], <c>inProjection.bias</c> [3·size], <c>outProjection.weight</c> [size,
/// size], <c>outProjection.bias</c> [size], all first uniform in ±1/√size. Source: Vaswani et al. 2017,
/// arXiv:1706.03762v7, section 3.2.
/// </remarks>
/// <param name="Size">Length of a position's vector: the last size of the input.</param>
/// <param name="Heads">Number of heads; divides <paramref name="Size"/>.</param>
/// <param name="Causal">Whether a position sees only itself and those before it.</param>
public sealed record SelfAttention(int Size, int Heads, bool Causal = false) : Layer
{
    /// <inheritdoc/>
    public override string Type => "selfAttention";

    internal override IReadOnlyList<Node> Expand(IReadOnlyList<int> input, string path, string name, int value)
    {
        SpecRange.Check(Size, 1, Shapes.LargestSize, path + ".size");
        SpecRange.Check(Heads, 1, Size, path + ".heads");
        if (Size % Heads != 0)
        {
            throw new SpecException(path + ".heads", $"a divisor of {Size}, the size", $"{Heads}");
        }

        if (input.Count != 2)
        {
            throw new SpecException(path, "a sequence [T, size]", Shapes.Text(input));
        }

        if (input[1] != Size)
        {
            throw new SpecException(path + ".size", $"{input[1]} (the last size that arrives there)", $"{Size}");
        }

        int positions = input[0];
        Shapes.Check([3, positions, Size], path);
        Shapes.Check([Heads, positions, positions], path);
        if (4L * Size * (Size + 1) is > SpecValidator.MostParameters and long length)
        {
            throw new SpecException(path, $"at most {SpecValidator.MostParameters} parameters up to here", $"{length}");
        }

        // Two linear layers around what has no weights: their gradients and norms are those of any linear layer.
        return
        [
            new Node(
                new LinearOperator(positions, Size, 3 * Size, isFlat: false), name + ".inProjection", Node.NoSkip),
            new Node(new AttentionOperator(positions, Size, Heads, Causal), name, Node.NoSkip),
            new Node(new LinearOperator(positions, Size, Size, isFlat: false), name + ".outProjection", Node.NoSkip),
        ];
    }
}
