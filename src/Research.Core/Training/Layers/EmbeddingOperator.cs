using System.Runtime.Intrinsics;
using Research.Tensors;
using Research.Training.Data;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Embedding"/>.</summary>
/// <remarks>
/// T = positions, D = length of a vector. An example's gradient adds dy_t to row token_t; rows of equal tokens are summed
/// first, and the table itself is never formed. What is no token gives NaN, so that memory is safe and the broken
/// example is seen.
/// </remarks>
internal sealed unsafe class EmbeddingOperator(int positions, int tokens, int size)
    : LayerOperator([positions], [positions, size])
{
    public override IReadOnlyList<(string Name, int[] Shape)> Parameters => [("weight", [tokens, size])];

    public override int ScratchLength(int copies) => 2 * size * Lanes.Count;

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
        for (int group = 0; group < pass.Groups; group++)
        {
            for (int p = 0; p < terms; p++)
            {
                Form(pass, group, p, terms, pass.Scratch);
                Lanes.AddSquares(pass.Scratch, size, squaredNorms + (group * Lanes.Count));
            }
        }
    }

    public override void AddClipped(in LayerPass pass, float* factors, long* sums)
    {
        int terms = pass.Copies * positions;
        int* whole = (int*)(pass.Scratch + (size * Lanes.Count));
        for (int group = 0; group < pass.Groups; group++)
        {
            for (int p = 0; p < terms; p++)
            {
                Form(pass, group, p, terms, pass.Scratch);
                new Span<int>(whole, size * Lanes.Count).Clear();
                IntegerLanes.AddTruncated(pass.Scratch, factors + (group * Lanes.Count), whole, size);
                float* tokensHere = pass.X + ((((long)group * terms) + p) * Lanes.Count);
                for (int lane = 0; lane < Lanes.Count; lane++)
                {
                    if (!IsToken(tokensHere[lane]))
                    {
                        continue;
                    }

                    long* row = sums + ((long)tokensHere[lane] * size);
                    for (int i = 0; i < size; i++)
                    {
                        row[i] += whole[(i * Lanes.Count) + lane];
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

    // [size, 16]: in each lane, where its token comes first at p, the sum over all places of that token; else zeros.
    private void Form(in LayerPass pass, int group, int p, int terms, float* row)
    {
        float* x = pass.X + ((long)group * terms * Lanes.Count);
        float* dy = pass.Dy + ((long)group * terms * size * Lanes.Count);
        Vector512<float> token = Vector512.Load(x + ((long)p * Lanes.Count));
        Vector512<float> seen = Vector512<float>.Zero;
        for (int q = 0; q < p; q++)
        {
            seen |= Vector512.Equals(Vector512.Load(x + ((long)q * Lanes.Count)), token);
        }

        for (int q = p; q < terms; q++)
        {
            Vector512<float> same = Vector512.AndNot(
                Vector512.Equals(Vector512.Load(x + ((long)q * Lanes.Count)), token), seen);
            if (q > p && same == Vector512<float>.Zero)
            {
                continue;
            }

            same = q == p ? ~seen : same; // What is no token equals nothing, and must still be seen to be broken.
            float* from = dy + ((long)q * size * Lanes.Count);
            for (int i = 0; i < size; i++)
            {
                Vector512<float> sum = q == p
                    ? Vector512<float>.Zero
                    : Vector512.Load(row + ((long)i * Lanes.Count));
                Vector512<float> value = Vector512.Load(from + ((long)i * Lanes.Count)) & same;
                (sum + value).Store(row + ((long)i * Lanes.Count));
            }
        }
    }

    private bool IsToken(float number) => number >= 0 && number < tokens && MathF.Truncate(number) == number;
}
