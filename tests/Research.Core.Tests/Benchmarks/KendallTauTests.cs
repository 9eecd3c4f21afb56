using Research.Benchmarks.Rewards;

namespace Research.Tests.Benchmarks;

public sealed class KendallTauTests
{
    // Tuna's lightness and quality: Hollander and Wolfe 1973, table 8.1, as R's cor.test has it: 0.4444444.
    // With ties: the example of SciPy's scipy.stats.kendalltau.
    public static TheoryData<double[], double[], double> Published => new()
    {
        {
            [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1],
            [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8],
            0.4444444
        },
        { [12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -0.47140452079103173 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Of_PublishedRankings_IsTheirTau(double[] x, double[] y, double expected)
    {
        Assert.Equal(expected, KendallTau.Of(x, y), 5e-8);
        Assert.Equal(expected, KendallTau.Of(y, x), 5e-8);
    }

    [Fact]
    public void Of_SameAndReverseOrder_AreOneAndMinusOne()
    {
        Assert.Equal(1, KendallTau.Of([1, 2, 3], [10, 20, 99]));
        Assert.Equal(-1, KendallTau.Of([1, 2, 3], [3, 2, -7]));
    }

    [Fact]
    public void Of_ARankingThatTellsNothingApart_IsNaN() => Assert.Equal(double.NaN, KendallTau.Of([1, 2], [5, 5]));

    [Fact]
    public void Of_OtherLengths_AreRefused() =>
        Assert.Throws<ArgumentException>(() => KendallTau.Of([1, 2], [1]));
}
