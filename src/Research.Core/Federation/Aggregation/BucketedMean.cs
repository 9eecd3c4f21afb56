using System.Numerics;

namespace Research.Federation.Aggregation;

/// <summary>The trimmed mean, coordinate by coordinate, of the means of buckets of updates.</summary>
/// <remarks>
/// All rules that a specification can name: one bucket gives the mean, buckets that are trimmed as far as can be give
/// the median (the middle one, or the mean of the middle two). In memory are the buckets' sums, whatever the number of
/// updates. A bucket's mean and the mean of what is left are each rounded once, ties away from zero
/// (<see cref="FixedPoint.Mean"/>); buckets that got no update do not count.
/// </remarks>
internal sealed class BucketedMean : Aggregate
{
    private readonly int[]? _bucketOf;
    private readonly int _trim;
    private readonly Dictionary<int, Sum> _sums = [];

    /// <param name="weights">P.</param>
    /// <param name="bucketOf">The bucket of each index; null puts all into one.</param>
    /// <param name="trim">How many buckets are left out on each side, at most.</param>
    public BucketedMean(int weights, int[]? bucketOf = null, int trim = 0)
        : base(weights) => (_bucketOf, _trim) = (bucketOf, trim);

    /// <summary>Gets the squared length to which updates are shortened; null leaves them as they are.</summary>
    public BigInteger? MostSquared { get; init; }

    public override int[] Finish()
    {
        Sum[] sums = [.. _sums.Values];
        int[] step = new int[Weights];
        if (sums.Length == 0)
        {
            return step;
        }

        long[] means = new long[sums.Length];
        int trim = Math.Min(_trim, (sums.Length - 1) / 2);
        for (int i = 0; i < step.Length; i++)
        {
            for (int bucket = 0; bucket < sums.Length; bucket++)
            {
                means[bucket] = FixedPoint.Mean(sums[bucket].Values[i], sums[bucket].Count);
            }

            Array.Sort(means);
            step[i] = (int)MeanOf(means.AsSpan(trim..^trim));
        }

        return step;
    }

    private protected override void Take(int index, ReadOnlySpan<int> delta, BigInteger squared)
    {
        Sum sum = SumOf(index);
        Shortening shortening = MostSquared is { } most ? Shortening.Of(squared, most) : default;
        for (int i = 0; i < delta.Length; i++)
        {
            sum.Values[i] += shortening.Apply(delta[i]);
        }

        sum.Count++;
    }

    private Sum SumOf(int index)
    {
        if (_bucketOf is not null && (uint)index >= (uint)_bucketOf.Length)
        {
            throw new ArgumentException(
                $"Expected the index of one of the round's submissions; got {index}.", nameof(index));
        }

        int bucket = _bucketOf?[index] ?? 0;
        if (!_sums.TryGetValue(bucket, out Sum? sum))
        {
            _sums.Add(bucket, sum = new Sum(Weights));
        }

        return sum;
    }

    private static long MeanOf(ReadOnlySpan<long> values)
    {
        long sum = 0;
        foreach (long value in values)
        {
            sum += value;
        }

        return FixedPoint.Mean(sum, values.Length);
    }

    private sealed class Sum(int weights)
    {
        public long[] Values { get; } = new long[weights];

        public int Count { get; set; }
    }
}
