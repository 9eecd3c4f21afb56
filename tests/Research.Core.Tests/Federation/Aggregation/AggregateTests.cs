using System.Numerics;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Training.Aggregation;

namespace Research.Tests.Federation.Aggregation;

/// <summary>The rules that a specification names, against the definitions in rational numbers.</summary>
public sealed class AggregateTests
{
    private const int Most = 1 << 24; // Units: the largest change of a weight.

    private static readonly GlobalModel Start = GlobalModel.Initial(FederatedDigits.Spec);

    public static TheoryData<AggregationRule, int> Cases
    {
        get
        {
            AggregationRule[] rules =
            [
                new Mean(), new BoundedMean(), new Median(1), new Median(5), new Median(8), new Median(32),
                new TrimmedMean(0, 6), new TrimmedMean(2, 7), new TrimmedMean(3, 8), new TrimmedMean(15, 32),
            ];
            TheoryData<AggregationRule, int> cases = [];
            foreach (AggregationRule rule in rules)
            {
                foreach (int count in new[] { 1, 2, 5, 6, 16, 33 })
                {
                    cases.Add(rule, count);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finish_RandomUpdates_IsTheDefinition(AggregationRule rule, int count)
    {
        int[][] updates = Updates(count, seed: count);
        AggregationRound round = RoundOf(count, bound: null);

        Assert.Equal(Naive(rule, round, updates), Finish(rule, round, updates));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finish_AnyOrderOfUpdates_GivesTheSameBits(AggregationRule rule, int count)
    {
        int[][] updates = Updates(count, seed: 7);
        AggregationRound round = RoundOf(count, bound: null);
        Aggregate turned = Aggregate.Of(rule, round);

        for (int i = count - 1; i >= 0; i--)
        {
            turned.Add(i, updates[i]);
        }

        Assert.Equal(Finish(rule, round, updates), turned.Finish());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finish_NoUpdate_LeavesTheModel(AggregationRule rule, int count)
    {
        int[] step = Aggregate.Of(rule, RoundOf(count, bound: null)).Finish();

        Assert.Equal(new int[Start.Weights.Length], step);
        Assert.Equal(Start.Hash, Start.Moved(step).Hash);
    }

    [Theory]
    [InlineData(-Most)]
    [InlineData(Most)]
    public void Finish_AllUpdatesAtTheirLimit_IsTheLimit(int limit)
    {
        int[] update = Enumerable.Repeat(limit, Start.Weights.Length).ToArray();

        foreach (AggregationRule rule in new AggregationRule[] { new Mean(), new Median(4), new TrimmedMean(1, 4) })
        {
            Assert.Equal(update, Finish(rule, RoundOf(100, bound: null), Enumerable.Repeat(update, 100).ToArray()));
        }
    }

    // Yin et al. 2018: whatever fewer than half send, the median lies among what the others send.
    [Fact]
    public void Median_MinorityAtTheLimits_StaysAmongTheOthers()
    {
        int[][] updates = Updates(9, seed: 3);
        for (int i = 5; i < 9; i++)
        {
            updates[i].AsSpan().Fill(i % 2 == 0 ? Most : -Most);
        }

        int[] step = Finish(new Median(32), RoundOf(9, bound: null), updates);

        for (int i = 0; i < step.Length; i++)
        {
            Assert.InRange(step[i], updates[..5].Min(one => one[i]), updates[..5].Max(one => one[i]));
        }
    }

    // Ties go away from zero, once for a bucket's mean and once for the mean of buckets.
    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(-1, -2, -2)]
    [InlineData(1, 0, 1)]
    [InlineData(-1, 0, -1)]
    [InlineData(-1, 1, 0)]
    public void Median_OfTwo_IsTheirMeanWithTiesAwayFromZero(int first, int second, int expected)
    {
        int[] step = Finish(new Median(2), RoundOf(2, bound: null), [Constant(first), Constant(second)]);

        Assert.Equal(Constant(expected), step);
    }

    [Fact]
    public void TrimmedMean_FewerUpdatesThanAreTrimmed_IsTheMedian()
    {
        int[][] updates = Updates(6, seed: 4);
        AggregationRound round = RoundOf(6, bound: null);

        Assert.Equal(Finish(new Median(32), round, updates), Finish(new TrimmedMean(15, 32), round, updates));
    }

    public static TheoryData<AggregationRule> Bounding => [new BoundedMean(), new Median(3), new TrimmedMean(1, 3)];

    [Theory]
    [MemberData(nameof(Bounding))]
    public void Finish_LongUpdate_IsShortenedToTheBound(AggregationRule rule)
    {
        int[] update = Updates(1, seed: 5)[0];
        BigInteger bound = (BigInteger)WideVectors.Dot(update, update) / 1000;

        int[] step = Finish(rule, RoundOf(1, bound), [update]);

        // A weight loses a unit at most to rounding down, and the factor, of 1/32 or so, one in 2²⁰.
        double most = Math.Sqrt((double)bound);
        double rounding = Math.Sqrt(step.Length);
        Assert.InRange(
            Math.Sqrt((double)WideVectors.Dot(step, step)), (most * (1 - 1e-4)) - rounding, most + rounding);
    }

    [Fact]
    public void Mean_LongUpdate_IsNotShortened()
    {
        int[] update = Updates(1, seed: 5)[0];

        Assert.Equal(update, Finish(new Mean(), RoundOf(1, bound: 1), [update]));
    }

    [Fact]
    public void Add_AnotherLengthOrUnknownIndex_SaysSo()
    {
        Aggregate aggregate = Aggregate.Of(new Median(2), RoundOf(2, bound: null));

        ArgumentException length = Assert.Throws<ArgumentException>(() => aggregate.Add(0, [1]));
        ArgumentException index = Assert.Throws<ArgumentException>(() => aggregate.Add(7, Constant(1)));

        Assert.StartsWith("Expected 2410 weights as the model has; got 1.", length.Message, StringComparison.Ordinal);
        Assert.Contains("got 7.", index.Message, StringComparison.Ordinal);
    }

    private static int[] Constant(int value) => Enumerable.Repeat(value, Start.Weights.Length).ToArray();

    private static int[][] Updates(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            Enumerable.Range(0, Start.Weights.Length).Select(i => Change(random, i)).ToArray())];
    }

    // Small ones, where ties are common; the limits; and any.
    private static int Change(Random random, int weight) => (weight % 3) switch
    {
        0 => random.Next(-3, 4),
        1 => random.Next(2) == 0 ? Most : -Most,
        _ => random.Next(-Most, Most + 1),
    };

    private static AggregationRound RoundOf(int count, BigInteger? bound) =>
        new(Start, 1, count, bound ?? BigInteger.Pow(2, 100));

    private static int[] Finish(AggregationRule rule, AggregationRound round, int[][] updates)
    {
        Aggregate aggregate = Aggregate.Of(rule, round);
        for (int i = 0; i < updates.Length; i++)
        {
            aggregate.Add(i, updates[i]);
        }

        return aggregate.Finish();
    }

    // Sort, cut, divide: a weight at a time.
    private static int[] Naive(AggregationRule rule, AggregationRound round, int[][] updates)
    {
        int buckets = rule switch { Median one => one.Buckets, TrimmedMean one => one.Buckets, _ => 1 };
        int[] bucketOf = Buckets.Deal(round.Start.Spec, round.Round, round.Submissions, buckets);
        int[] step = new int[Start.Weights.Length];
        for (int i = 0; i < step.Length; i++)
        {
            List<BigInteger> means = [.. Enumerable.Range(0, updates.Length)
                .GroupBy(update => bucketOf[update], update => updates[update][i])
                .Select(one => Rounded(one.Aggregate(BigInteger.Zero, (sum, value) => sum + value), one.Count()))
                .Order()];
            int cut = rule is TrimmedMean trimmed ? trimmed.Trim : rule is Median ? means.Count : 0;
            while (cut-- > 0 && means.Count > 2)
            {
                means.RemoveAt(means.Count - 1);
                means.RemoveAt(0);
            }

            step[i] = (int)Rounded(means.Aggregate(BigInteger.Zero, (sum, value) => sum + value), means.Count);
        }

        return step;
    }

    private static BigInteger Rounded(BigInteger sum, int count) =>
        sum.Sign * (((2 * BigInteger.Abs(sum)) + count) / (2 * count));
}
