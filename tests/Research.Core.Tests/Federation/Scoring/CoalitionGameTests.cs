using System.Numerics;
using Research.Federation.Scoring;

namespace Research.Tests.Federation.Scoring;

public sealed class CoalitionGameTests
{
    // The glove game: player 0 holds a left glove, 1 and 2 a right one each; a pair is worth 1. Counting the six orders
    // by hand, player 0 completes a pair in four of them, the others in one each.
    [Fact]
    public void ShapleyValues_GloveGame_MatchesTheCountByHand()
    {
        (BigInteger[] sums, int orders) = Run(3, 0, set => set.Contains(0) && set.Length > 1 ? 1 : 0);

        Assert.Equal(6, orders);
        Assert.Equal([4, 1, 1], sums);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(9, 20)]
    public void ShapleyValues_AnyGame_SumsToTheValueOfAllTimesOrders(int players, int permutations)
    {
        static long Value(int[] set) => set.Length == 0 ? 0 : (set.Sum(i => 37 * (i + 1)) % 101) * set.Length;

        (BigInteger[] sums, int orders) = Run(players, permutations, Value);

        BigInteger expected = (BigInteger)orders * Value([.. Enumerable.Range(0, players)]);
        Assert.Equal(expected, sums.Aggregate(BigInteger.Zero, (a, b) => a + b));
    }

    [Fact]
    public void ShapleyValues_AdditiveGame_GivesEveryPlayerItsOwnWorth()
    {
        (BigInteger[] sums, int orders) = Run(8, 10, set => set.Sum(i => i * i));

        Assert.Equal(Enumerable.Range(0, 8).Select(i => (BigInteger)orders * i * i), sums);
    }

    [Fact]
    public void ShapleyValues_Coalition_IsValuedOnce()
    {
        int calls = 0;
        Run(5, 0, set => calls += set.Length + 1);
        Assert.Equal(Enumerable.Range(0, 32).Sum(mask => BitOperations.PopCount((uint)mask) + 1), calls);
    }

    [Fact]
    public void ShapleyValues_FewerPlayers_ReusesTheCoalitionsThatItKnows()
    {
        int calls = 0;
        CoalitionGame game = new(set =>
        {
            calls++;
            return set.Sum();
        });
        game.ShapleyValues([0, 1, 2, 3], 0, new Beacon([1], "orders"), CancellationToken.None);

        ShapleySum[] values = game.ShapleyValues([1, 3], 0, new Beacon([1], "orders"), CancellationToken.None);

        Assert.Equal([new ShapleySum(2, 2), new ShapleySum(6, 2)], values);
        Assert.Equal(16, calls);
    }

    [Fact]
    public void Sift_OneDoesHarm_KeepsTheOthersAtTheirWorthWithoutIt()
    {
        // 0 and 1 are worth 5 each; 2 takes 4 away from any company.
        CoalitionGame game = new(set => set.Sum(i => i < 2 ? 5 : -4));

        (int[] kept, ShapleySum[] worths) = game.Sift(3, 0, new Beacon([1], "orders"), CancellationToken.None);

        Assert.Equal([0, 1], kept);
        Assert.Equal([new ShapleySum(10, 2), new ShapleySum(10, 2), new ShapleySum(-24, 6)], worths);
    }

    [Fact]
    public void Sift_GoodOnlyTogether_KeepsThemTogether()
    {
        // Alone each is worse than nobody, both together are better, and 1 is worth less than nothing even so.
        CoalitionGame game = new(set => set switch { [] => 0, [0] => -1, [1] => -9, _ => 2 });

        (int[] kept, ShapleySum[] worths) = game.Sift(2, 0, new Beacon([1], "orders"), CancellationToken.None);

        Assert.Equal([0, 1], kept);
        Assert.Equal([new ShapleySum(10, 2), new ShapleySum(-6, 2)], worths);
    }

    [Fact]
    public void Sift_OnlyHarm_KeepsNobody()
    {
        CoalitionGame game = new(set => -set.Length);

        Assert.Empty(game.Sift(7, 10, new Beacon([1], "orders"), CancellationToken.None).Kept);
    }

    private static (BigInteger[] Sums, int Orders) Run(int players, int permutations, Func<int[], long> value)
    {
        ShapleySum[] values = new CoalitionGame(value).ShapleyValues(
            [.. Enumerable.Range(0, players)], permutations, new Beacon([1], "orders"), CancellationToken.None);
        return ([.. values.Select(one => one.Sum)], Assert.Single(values.Select(one => one.Orders).Distinct()));
    }
}
