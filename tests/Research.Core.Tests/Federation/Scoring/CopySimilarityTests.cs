using FsCheck;
using FsCheck.Fluent;
using Research.Federation.Scoring;

namespace Research.Tests.Federation.Scoring;

public sealed class CopySimilarityTests
{
    [Theory]
    [InlineData(new[] { 3, 4 }, new[] { 6, 8 }, 1.0, true)] // scaled: cosine 1
    [InlineData(new[] { 3, 4 }, new[] { -3, -4 }, 0.1, false)] // opposed: cosine −1
    [InlineData(new[] { 1, 0 }, new[] { 0, 1 }, 0.1, false)] // orthogonal
    [InlineData(new[] { 1, 0 }, new[] { 3, 4 }, 0.6, true)] // cosine exactly 0.6
    [InlineData(new[] { 1, 0 }, new[] { 3, 4 }, 0.601, false)]
    [InlineData(new[] { 0, 0 }, new[] { 3, 4 }, 0.0, false)] // zero has no direction
    public void IsCopy_KnownCosine_ComparesExactly(int[] a, int[] b, double threshold, bool expected) =>
        Assert.Equal(expected, CopySimilarity.IsCopy(a, b, threshold));

    [Fact]
    public void IsCopy_LargestWeights_DoesNotOverflow() =>
        Assert.True(CopySimilarity.IsCopy([int.MaxValue, int.MinValue], [int.MaxValue, int.MinValue], 1.0));

    [Fact]
    public void Cosine_AnyUpdates_AgreesWithDoubles() =>
        Prop.ForAll<int[]>(values =>
        {
            int half = values.Length / 2;
            int[] a = values[..half];
            int[] b = values[half..(2 * half)];
            double dot = a.Zip(b, (x, y) => (double)x * y).Sum();
            double norms = Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
            Assert.Equal(norms == 0 ? 0 : dot / norms, CopySimilarity.Cosine(a, b), 1e-9);
        }).QuickCheckThrowOnFailure();
}
