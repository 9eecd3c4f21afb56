using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class BinomialDistributionTests
{
    // Oracle: mpmath, 40 digits.
    [Theory]
    [InlineData(1000, 0.05, 60, 0.019669659751553051, 0.086732178384861022)]
    [InlineData(10_000, 0.01, 150, 5.7811271003517308e-7, 1.6570601962380373e-6)]
    [InlineData(20, 0.5, 13, 0.0739288330078125, 0.13158798217773438)]
    [InlineData(1_000_000, 0.25, 251_500, 2.297419793556081e-6, 0.00026924800939581364)]
    [InlineData(10, 0.1, 10, 1e-10, 1e-10)]
    [InlineData(1_000_000_000, 1e-6, 1150, 2.5833361289344095e-7, 1.9026540710355495e-6)]
    public void MassAndTail_AreTheTruth(int trials, double probability, int k, double mass, double tail)
    {
        BinomialDistribution distribution = new(trials, probability);

        Assert.InRange(distribution.Mass(k), mass * (1 - 1e-12), mass * (1 + 1e-12));
        Assert.InRange(distribution.UpperTail(k), tail, tail * (1 + 2e-11));
    }

    [Fact]
    public void Mass_SumsToOneAndIsZeroOutside()
    {
        BinomialDistribution distribution = new(57, 0.3);

        Assert.Equal(1, Enumerable.Range(-2, 70).Sum(distribution.Mass), 1e-12);
        Assert.Equal(0, distribution.Mass(58));
        Assert.Equal(0, distribution.UpperTail(58));
        Assert.Equal(1, distribution.UpperTail(17));
    }
}
