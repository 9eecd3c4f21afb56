using System.Numerics;
using Research.Federation.Rewards;

namespace Research.Tests.Federation.Rewards;

public sealed class WideVectorsTests
{
    [Theory]
    [InlineData(1, 1 << 24)]
    [InlineData(4095, 1 << 24)]
    [InlineData(4097, 1 << 24)]
    [InlineData(100_003, 1 << 24)]
    public void Dot_LargestNumbers_IsExact(int length, int most)
    {
        Random random = new(length);
        int[] a = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? most : random.Next(-most, most + 1))];
        int[] b = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? -most : random.Next(-most, most + 1))];
        BigInteger expected = BigInteger.Zero;
        for (int i = 0; i < length; i++)
        {
            expected += (BigInteger)a[i] * b[i];
        }

        Assert.Equal(expected, (BigInteger)WideVectors.Dot(a, b));
    }

    [Fact]
    public void Dot_OtherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => WideVectors.Dot([1], [1, 2]));
}
