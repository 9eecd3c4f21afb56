using Research.Federation.Scoring;

namespace Research.Tests.Federation.Scoring;

public sealed class BeaconTests
{
    [Fact]
    public void Shuffle_SameBeaconAndPurpose_SameOrder_OtherwiseAnother()
    {
        Assert.Equal(Order([1], "a"), Order([1], "a"));
        Assert.NotEqual(Order([1], "a"), Order([2], "a"));
        Assert.NotEqual(Order([1], "a"), Order([1], "b"));
    }

    [Fact]
    public void Shuffle_ManyDraws_EveryOrderIsEquallyLikely()
    {
        Beacon beacon = new([7], "uniformity");
        const int Draws = 60_000;
        Dictionary<string, int> counts = [];
        for (int i = 0; i < Draws; i++)
        {
            int[] items = [0, 1, 2];
            beacon.Shuffle(items);
            string key = string.Concat(items);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        double expected = Draws / 6.0;
        double chiSquared = counts.Values.Sum(n => (n - expected) * (n - expected) / expected);
        Assert.Equal(6, counts.Count);
        // scipy.stats.chi2.isf(1e-4, 5)
        Assert.True(chiSquared < 25.74, $"χ²(5) = {chiSquared}, over the 1e-4 quantile");
    }

    private static int[] Order(byte[] value, string purpose)
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        new Beacon(value, purpose).Shuffle(items);
        return items;
    }
}
