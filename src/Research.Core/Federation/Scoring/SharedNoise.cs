using System.Numerics;
using Research.Federation.Rewards;
using Research.Tensors;

namespace Research.Federation.Scoring;

/// <summary>Finds, for each update, the earliest one that has the same noise.</summary>
/// <remarks>
/// Two updates share noise where what of the later one no multiple of the earlier explains is less than one update's own
/// noise: |u|² − (u·v)²/|v|² ≤ <see cref="RewardMeasure.LeastApart"/>. Every pair is compared by a product of floats
/// whose error is bounded (Higham 2002, Accuracy and Stability of Numerical Algorithms, 2nd ed., (3.5)); where the bound
/// leaves it open, integers decide. Blocks of updates are read again and again, so that memory does not grow with them.
/// </remarks>
internal static class SharedNoise
{
    private const int BlockBytes = 16 << 20;
    private const int MostRows = 2048;
    private const int Panel = 64; // Rows of a product at once, by one thread.
    private const double Unit = 1.0 / (1 << 24); // Half a step between floats from 1 to 2.

    /// <summary>Finds them.</summary>
    /// <param name="leastApart"><see cref="RewardMeasure.LeastApart"/>.</param>
    /// <param name="weights">P.</param>
    /// <param name="entries">Those who stand to earn, earliest commitment first.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <returns>For each, the place in <paramref name="entries"/> of the earliest with its noise and their product; null
    /// where there is none.</returns>
    public static Twin?[] Find(
        BigInteger leastApart,
        int weights,
        IReadOnlyList<Paid> entries,
        int threads,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        Twin?[] twins = new Twin?[entries.Count];
        int rows = Math.Clamp(BlockBytes / (sizeof(float) * weights), 1, MostRows);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        for (int start = 0; start < entries.Count; start += rows)
        {
            Block later = Block.Read(entries, start, Math.Min(rows, entries.Count - start), weights, options);
            for (int from = 0; from < start; from += rows)
            {
                Compare(leastApart, Block.Read(entries, from, rows, weights, options), later, twins, options);
            }

            Compare(leastApart, later, later, twins, options);
            progress?.Report(Math.Pow(Math.Min(1, (start + rows) / (double)entries.Count), 2));
        }

        return twins;
    }

    private static void Compare(
        BigInteger leastApart, Block earlier, Block later, Twin?[] twins, ParallelOptions options) =>
        ParallelLoop.For((later.Count + Panel - 1) / Panel, options, panel =>
        {
            int first = panel * Panel;
            int count = Math.Min(Panel, later.Count - first);
            float[] products = new float[count * earlier.Count];
            MatrixProduct.Add(
                later.Values.AsSpan(first * later.Weights, count * later.Weights),
                new Strides(later.Weights, 1),
                earlier.Values,
                new Strides(1, earlier.Weights),
                products,
                earlier.Count,
                count,
                earlier.Count,
                later.Weights);
            for (int row = 0; row < count; row++)
            {
                int place = later.Start + first + row;
                twins[place] ??= First(
                    leastApart, earlier, later.Entries[place], place, products.AsSpan(row * earlier.Count, earlier.Count));
            }
        });

    private static Twin? First(
        BigInteger leastApart, Block earlier, Paid entry, int place, ReadOnlySpan<float> products)
    {
        // (u·v)² ≥ |u|²|v|² − LeastApart·|v|², divided by |u|²|v|².
        double least = 1 - ((double)leastApart / (double)entry.Measure.Squared) - 1e-9;
        double error = 1.01 * (earlier.Weights + 4) * Unit;
        int[]? delta = null;
        for (int column = 0; column < products.Length && earlier.Start + column < place; column++)
        {
            double cosine = Math.Abs(products[column]) + error;
            if (cosine * cosine < least)
            {
                continue;
            }

            Paid other = earlier.Entries[earlier.Start + column];
            delta ??= entry.Open();
            BigInteger dot = WideVectors.Dot(delta, other.Open());
            if (entry.Measure.Squared - (dot * dot / other.Measure.Squared) <= leastApart)
            {
                return new Twin(earlier.Start + column, dot);
            }
        }

        return null;
    }

    /// <summary>An earlier update with the same noise.</summary>
    /// <param name="Place">Its place.</param>
    /// <param name="Dot">The scalar product of both.</param>
    public readonly record struct Twin(int Place, BigInteger Dot);

    // Updates of length one, a row each.
    private sealed record Block(IReadOnlyList<Paid> Entries, int Start, int Count, int Weights, float[] Values)
    {
        public static Block Read(
            IReadOnlyList<Paid> entries, int start, int count, int weights, ParallelOptions options)
        {
            float[] values = new float[count * weights];
            ParallelLoop.For(count, options, row =>
            {
                Paid entry = entries[start + row];
                double length = Math.Sqrt((double)entry.Measure.Squared);
                int[] delta = entry.Open();
                for (int i = 0; i < delta.Length; i++)
                {
                    values[(row * weights) + i] = (float)(delta[i] / length);
                }
            });
            return new Block(entries, start, count, weights, values);
        }
    }
}
