using System.Runtime.Intrinsics;
using Research.Tensors;
using Research.Training.Data;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Embedding"/>.</summary>
/// <remarks>
/// T = positions, D = length of a vector. An example's gradient adds dy_t to row token_t, so its squared norm is the sum
/// of dy_t·dy_u over all pairs of equal tokens; the table itself is never formed. What is no token gives NaN, so that
/// memory is safe and the broken example is seen.
/// </remarks>
internal sealed unsafe class EmbeddingOperator(int positions, int tokens, int size)
    : LayerOperator([positions], [positions, size])
{
    public override IReadOnlyList<(string Name, int[] Shape)> Parameters => [("weight", [tokens, size])];

    public override int ScratchLength => size;

    public override bool IsDeferred => true;

    public override void Initialise(SeededGenerator generator, Span<float> weights) =>
        generator.FillUniform(weights, 1.7320508f);

    public override void CheckInputs(Dataset data, string path)
    {
        ReadOnlySpan<float> inputs = data.Inputs.Span;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!IsToken(inputs[i]))
            {
                throw new SpecException(
                    path + ".tokens",
                    $"whole numbers from 0 to {tokens - 1} in the data",
                    FormattableString.Invariant($"{inputs[i]} in example {i / positions} at {i % positions}"));
            }
        }
    }

    public override void Forward(in LayerPass pass)
    {
        float* nothing = pass.Scratch;
        new Span<float>(nothing, size).Fill(float.NaN);
        float** rows = stackalloc float*[Lanes.Count];
        for (long at = 0; at < (long)pass.Blocks * positions; at++)
        {
            float* x = pass.X + (at * Lanes.Count);
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                rows[lane] = IsToken(x[lane]) ? pass.Weights + ((long)x[lane] * size) : nothing;
            }

            Lanes.Gather(rows, Lanes.Count, size, pass.Y + (at * size * Lanes.Count));
        }
    }

    // Token numbers have no gradient.
    public override void Backward(in LayerPass pass) =>
        new Span<float>(pass.Dx, pass.Blocks * positions * Lanes.Count).Clear();

    public override void AddSquaredNorms(in LayerPass pass, double* squaredNorms)
    {
        int terms = pass.Copies * positions;
        double* dots = stackalloc double[Lanes.Count];
        for (int group = 0; group < pass.Groups; group++)
        {
            float* x = pass.X + ((long)group * terms * Lanes.Count);
            float* dy = pass.Dy + ((long)group * terms * size * Lanes.Count);
            double* sums = squaredNorms + (group * Lanes.Count);
            for (int p = 0; p < terms; p++)
            {
                float* left = dy + ((long)p * size * Lanes.Count);
                Lanes.AddSquares(left, size, sums);
                for (int q = p + 1; q < terms; q++)
                {
                    float* other = x + ((long)q * Lanes.Count);
                    if (Vector512.EqualsAny(Vector512.Load(x + ((long)p * Lanes.Count)), Vector512.Load(other)))
                    {
                        new Span<double>(dots, Lanes.Count).Clear();
                        Lanes.AddDots(left, dy + ((long)q * size * Lanes.Count), size, dots);
                        AddTwice(dots, x + ((long)p * Lanes.Count), other, sums);
                    }
                }
            }
        }
    }

    public override void AddGradient(
        float* x, float* dy, int rows, Span<float> gradient, float* scratch, int part, int parts)
    {
        (int start, int end) = Workers.Slice(size, part, parts, Lanes.Count);
        for (long at = 0; at < (long)rows * positions && start < end; at++)
        {
            if (IsToken(x[at]))
            {
                int row = (int)x[at] * size;
                ReadOnlySpan<float> own = new(dy + (at * size) + start, end - start);
                ScaledSum.Add(1f, own, gradient.Slice(row + start, end - start));
            }
        }
    }

    private static void AddTwice(double* dots, float* left, float* right, double* sums)
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            sums[lane] += left[lane] == right[lane] ? 2 * dots[lane] : 0;
        }
    }

    private bool IsToken(float number) => number >= 0 && number < tokens && MathF.Truncate(number) == number;
}
