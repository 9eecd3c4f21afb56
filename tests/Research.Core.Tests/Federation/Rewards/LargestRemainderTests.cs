using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Research.Federation.Rewards;

namespace Research.Tests.Federation.Rewards;

public sealed class LargestRemainderTests
{
    // Oracle: Hamilton's method on Balinski and Young 1982's textbook example (seats of 100 by votes).
    [Fact]
    public void Split_PublishedApportionment_Matches()
    {
        BigInteger[] votes = [47000, 16000, 15800, 12000, 6100, 3100];

        Assert.Equal([5, 2, 1, 1, 1, 0], LargestRemainder.Split(10, votes));
    }

    [Fact]
    public void Split_AnyWeights_SumsToTheAmountWithinOneUnitOfTheExactShare() =>
        Prop.ForAll<ulong, uint[]>((amount, weights) =>
        {
            BigInteger[] shares = LargestRemainder.Split(amount, [.. weights.Select(w => (BigInteger)w)]);
            BigInteger total = weights.Aggregate(BigInteger.Zero, (sum, w) => sum + w);
            Assert.Equal(total.IsZero ? BigInteger.Zero : amount, shares.Aggregate(BigInteger.Zero, (a, b) => a + b));
            for (int i = 0; i < shares.Length && !total.IsZero; i++)
            {
                BigInteger error = (shares[i] * total) - (amount * weights[i]);
                Assert.True(BigInteger.Abs(error) < total, $"share {i} is {shares[i]} of {amount}");
                Assert.True(weights[i] != 0 || shares[i].IsZero, "a weight of zero was paid");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Split_EqualRemainders_FavoursTheLowerIndex() =>
        Assert.Equal([4, 3, 3], LargestRemainder.Split(10, [1, 1, 1]));

    [Fact]
    public void Split_Negative_NamesTheArgument()
    {
        Assert.Throws<ArgumentOutOfRangeException>("amount", () => LargestRemainder.Split(-1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => LargestRemainder.Split(1, [-1]));
    }
}
