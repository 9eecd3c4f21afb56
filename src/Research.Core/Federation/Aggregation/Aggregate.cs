using System.Numerics;
using Research.Federation.Rewards;
using Research.Training.Aggregation;

namespace Research.Federation.Aggregation;

/// <summary>Takes a round's updates one at a time and makes one step of them.</summary>
/// <remarks>In integers: the order in which updates are added changes nothing.</remarks>
public abstract class Aggregate
{
    private protected Aggregate(int weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weights, 1);
        Weights = weights;
    }

    private protected int Weights { get; }

    /// <summary>Starts the rule that a specification names.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="round">The round that it serves.</param>
    public static Aggregate Of(AggregationRule rule, AggregationRound round)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(round);
        int weights = round.Start.Weights.Length;
        return rule switch
        {
            Mean => new BucketedMean(weights),
            BoundedMean => new BucketedMean(weights) { MostSquared = round.MostSquared },
            Median median => Of(median.Buckets, median.Buckets, round),
            TrimmedMean trimmed => Of(trimmed.Buckets, trimmed.Trim, round),
            _ => throw new InvalidOperationException($"No aggregate of rule {rule.Type}."),
        };
    }

    /// <summary>Adds an update.</summary>
    /// <param name="index">The index of its submission.</param>
    /// <param name="delta">The change of each weight, [P] in units within ±2²⁴.</param>
    /// <exception cref="ArgumentException">There are more or fewer weights than the model has, or no submission of the
    /// round has the index.</exception>
    public void Add(int index, ReadOnlySpan<int> delta) => Add(index, delta, WideVectors.Dot(delta, delta));

    /// <summary>Adds an update whose squared length is known.</summary>
    internal void Add(int index, ReadOnlySpan<int> delta, BigInteger squared)
    {
        if (delta.Length != Weights)
        {
            throw new ArgumentException(
                $"Expected {Weights} weights as the model has; got {delta.Length}.", nameof(delta));
        }

        Take(index, delta, squared);
    }

    /// <summary>Makes the step: the change of each weight, [P] in units; all zero where nothing was added.</summary>
    public abstract int[] Finish();

    private protected abstract void Take(int index, ReadOnlySpan<int> delta, BigInteger squared);

    private static BucketedMean Of(int buckets, int trim, AggregationRound round) =>
        new(
            round.Start.Weights.Length, Buckets.Deal(round.Start.Spec, round.Round, round.Submissions, buckets), trim)
        {
            MostSquared = round.MostSquared,
        };
}
