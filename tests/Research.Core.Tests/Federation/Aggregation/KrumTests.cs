using System.Numerics;
using Research.Federation.Aggregation;

namespace Research.Tests.Federation.Aggregation;

public sealed class KrumTests
{
    private const int Most = 1 << 24;

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(9, 3, 1)]
    [InlineData(9, 3, 6)]
    [InlineData(12, 2, 10)]
    [InlineData(6, 5, 20)]
    public void Finish_RandomUpdates_IsTheDefinition(int count, int attackers, int chosen)
    {
        int[][] updates = Updates(count);

        Assert.Equal(Naive(updates, attackers, chosen), Finish(updates, attackers, chosen));
    }

    [Fact]
    public void Finish_AnyOrder_GivesTheSameBits()
    {
        int[][] updates = Updates(9);
        Krum turned = new(updates[0].Length, 2, 4);
        for (int i = updates.Length - 1; i >= 0; i--)
        {
            turned.Add(i, updates[i]);
        }

        Assert.Equal(Finish(updates, 2, 4), turned.Finish());
    }

    // Blanchard et al. 2017, figure 2: a bulk of honest updates, and others far away.
    [Fact]
    public void Finish_MinorityFarAway_ChoosesFromTheBulk()
    {
        int[][] updates = [.. Enumerable.Range(0, 9).Select(i => new[] { i < 7 ? i : Most, i < 7 ? -i : -Most })];

        Assert.Contains(updates[..7], honest => honest.SequenceEqual(Finish(updates, 2, 1)));
    }

    [Fact]
    public void Finish_EqualScores_TakesTheLowestIndex()
    {
        Krum krum = new(1, 0);
        krum.Add(5, [100]);
        krum.Add(2, [300]);

        Assert.Equal([300], krum.Finish());
    }

    [Fact]
    public void Finish_NoUpdate_IsZero() => Assert.Equal(new int[3], new Krum(3, 1).Finish());

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, -1, 1)]
    [InlineData(3, 0, 0)]
    public void Krum_ImpossibleNumbers_Throws(int weights, int attackers, int chosen) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Krum(weights, attackers, chosen));

    private static int[] Finish(int[][] updates, int attackers, int chosen)
    {
        Krum krum = new(updates[0].Length, attackers, chosen);
        for (int i = 0; i < updates.Length; i++)
        {
            krum.Add(i, updates[i]);
        }

        return krum.Finish();
    }

    private static int[][] Updates(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 40)
            .Select(i => i % 9 == 0 ? Most - (random.Next(2) * 2 * Most) : random.Next(-Most, Most + 1)).ToArray())];
    }

    // s(i) is the sum over the n − f − 2 closest j ≠ i of |V_i − V_j|².
    private static int[] Naive(int[][] updates, int attackers, int chosen)
    {
        int neighbours = Math.Max(1, updates.Length - attackers - 2);
        int[] all = [.. Enumerable.Range(0, updates.Length)];
        BigInteger Score(int i) => Sum(
            all.Where(j => j != i).Select(j => Distance(updates[i], updates[j])).Order().Take(neighbours));
        int[][] best = [.. all.OrderBy(Score).ThenBy(i => i).Take(chosen).Select(i => updates[i])];
        return [.. Enumerable.Range(0, updates[0].Length)
            .Select(k => (int)FixedPoint.Mean(best.Sum(one => (long)one[k]), best.Length))];
    }

    private static BigInteger Distance(int[] a, int[] b) => Sum(a.Zip(b, (x, y) => BigInteger.Pow(x - y, 2)));

    private static BigInteger Sum(IEnumerable<BigInteger> terms) => terms.Aggregate(BigInteger.Zero, BigInteger.Add);
}
