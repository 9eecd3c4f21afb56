using System.Numerics;
using Research.Federation.Rewards;
using Research.Tensors;

namespace Research.Federation.Scoring;

/// <summary>Finds the updates that earlier ones explain: copies, and mixtures of what leaked.</summary>
/// <remarks>
/// An honest update has noise of its own, so what earlier ones leave of it is at least as long as that
/// (<see cref="RewardMeasure.LeastApartFrom"/>). Of the earlier works those are asked that are most alike: up to eight,
/// by float products whose bits are the same everywhere, where their squared cosines sum to a tenth or more. What they
/// leave is then decided in integers, by elimination in their Gram matrix. An update that earlier ones explain is no
/// work of its own, and explains nobody. Blocks of updates are read again and again, so that memory does not grow.
/// </remarks>
internal static class SharedNoise
{
    /// <summary>How many earlier works an update is held to at most.</summary>
    public const int MostSources = 8;

    private const double Alike = 0.1; // The sum of squared cosines from which integers look.
    private const int BlockBytes = 64 << 20;
    private const int MostRows = 2048;
    private const int Panel = 64; // Rows of a product at once, by one thread.

    /// <summary>Finds them.</summary>
    /// <param name="leastApart">What so many earlier works leave of an honest update at least, squared.</param>
    /// <param name="weights">P.</param>
    /// <param name="entries">Those who stand to earn, earliest commitment first.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <returns>For each, what explains it; null where nothing does.</returns>
    public static Explanation?[] Find(
        Func<int, BigInteger> leastApart,
        int weights,
        IReadOnlyList<Paid> entries,
        int threads,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        Explanation?[] found = new Explanation?[entries.Count];
        int rows = (int)Math.Clamp(BlockBytes / ((long)sizeof(float) * weights), 1, MostRows);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        for (int start = 0; start < entries.Count; start += rows)
        {
            Block later = Block.Read(entries, start, Math.Min(rows, entries.Count - start), weights, options);
            Sources[] sources = [.. Enumerable.Range(0, later.Count).Select(_ => new Sources())];
            for (int from = 0; from < start; from += rows)
            {
                Block earlier = Block.Read(entries, from, rows, weights, options);
                Multiply(earlier, later, options, (row, products) => sources[row].Add(products, from, products.Length, found));
            }

            // Within the block one after the other: who is explained explains nobody behind.
            float[] own = new float[later.Count * later.Count];
            Multiply(later, later, options, (row, products) => products.CopyTo(own.AsSpan(row * later.Count)));
            for (int row = 0; row < later.Count; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sources[row].Add(own.AsSpan(row * later.Count), start, row, found);
                found[start + row] = sources[row].Squares < Alike
                    ? null
                    : Explain(leastApart, entries, entries[start + row], [.. sources[row].Places]);
            }

            progress?.Report(Math.Pow(Math.Min(1, (start + rows) / (double)entries.Count), 2));
        }

        return found;
    }

    // Bareiss 1968, Math. Comp. 22(103): elimination without fractions. With the first sources' rows eliminated, the last
    // row holds the squared length, and the signal, of what these leave, times the determinant of their Gram matrix.
    private static Explanation? Explain(
        Func<int, BigInteger> leastApart, IReadOnlyList<Paid> entries, Paid entry, int[] places)
    {
        int count = places.Length;
        int[][] deltas = [.. places.Select(place => entries[place].OpenCounted()), entry.OpenCounted()];
        BigInteger[][] matrix = [.. deltas.Select(_ => new BigInteger[count + 2])];
        for (int i = 0; i <= count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                matrix[i][j] = matrix[j][i] = WideVectors.Dot(deltas[i], deltas[j]);
            }

            matrix[i][count + 1] = i < count ? entries[places[i]].Measure.Signal : entry.Measure.Signal;
        }

        BigInteger determinant = BigInteger.One;
        BigInteger[] last = matrix[count];
        int used = 0;
        int explaining = 0; // How many it takes; 0 where all do not.
        for (int j = 0; j < count; j++)
        {
            BigInteger pivot = matrix[j][j];
            if (pivot.IsZero)
            {
                continue; // Those before it span it.
            }

            for (int i = j + 1; i <= count; i++)
            {
                BigInteger factor = matrix[i][j];
                for (int column = j + 1; column < count + 2; column++)
                {
                    matrix[i][column] = ((matrix[i][column] * pivot) - (factor * matrix[j][column])) / determinant;
                }
            }

            determinant = pivot;
            used++;
            if (explaining == 0 && last[count] <= leastApart(used) * determinant)
            {
                explaining = used;
            }
        }

        // A mixture of several adds nothing: all it has is theirs.
        BigInteger own = BigInteger.Min(last[count + 1] / determinant, entry.Measure.Signal);
        return explaining == 0 ? null : new Explanation(places[0], explaining == 1 ? own : BigInteger.Zero);
    }

    private static void Multiply(Block earlier, Block later, ParallelOptions options, RowAction take) =>
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
                take(first + row, products.AsSpan(row * earlier.Count, earlier.Count));
            }
        });

    /// <summary>What explains an update.</summary>
    /// <param name="Place">The place of the earlier work that is most alike.</param>
    /// <param name="Own">The signal of what all of them leave of it, at most its own; none where it takes several.</param>
    public readonly record struct Explanation(int Place, BigInteger Own);

    private delegate void RowAction(int row, ReadOnlySpan<float> products);

    // The earlier works that are most alike, the most alike first; of equal ones the earlier.
    private sealed class Sources
    {
        private readonly List<(float Cosine, int Place)> _most = new(MostSources + 1);

        public double Squares => _most.Sum(one => (double)one.Cosine * one.Cosine);

        public IEnumerable<int> Places => _most.Select(one => one.Place);

        public void Add(ReadOnlySpan<float> products, int start, int count, Explanation?[] found)
        {
            float least = _most.Count < MostSources ? -1 : _most[^1].Cosine;
            for (int i = 0; i < count; i++)
            {
                float cosine = MathF.Abs(products[i]);
                if (cosine <= least || found[start + i] is not null)
                {
                    continue;
                }

                int at = _most.FindIndex(one => one.Cosine < cosine);
                _most.Insert(at < 0 ? _most.Count : at, (cosine, start + i));
                if (_most.Count > MostSources)
                {
                    _most.RemoveAt(MostSources);
                }

                least = _most.Count < MostSources ? -1 : _most[^1].Cosine;
            }
        }
    }

    // Updates of length one, a row each.
    private sealed record Block(int Count, int Weights, float[] Values)
    {
        public static Block Read(
            IReadOnlyList<Paid> entries, int start, int count, int weights, ParallelOptions options)
        {
            float[] values = new float[checked(count * weights)];
            ParallelLoop.For(count, options, row =>
            {
                Paid entry = entries[start + row];
                double length = Math.Sqrt((double)entry.Measure.Squared);
                int[] delta = entry.OpenCounted();
                for (int i = 0; i < delta.Length; i++)
                {
                    values[(row * weights) + i] = (float)(delta[i] / length);
                }
            });
            return new Block(count, weights, values);
        }
    }
}
