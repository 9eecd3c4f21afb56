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
    public void Reject_Direction_LeavesNothingAlongItButRounding()
    {
        Random random = new(1);
        int[] vector = [.. Enumerable.Range(0, 2410).Select(_ => random.Next(-100_000, 100_000))];
        int[] direction = [.. vector.Select(x => (x / 3) + random.Next(-10_000, 10_000))];

        WideVectors.Reject(vector, direction);

        double left = Math.Abs((double)WideVectors.Dot(vector, direction));
        Assert.InRange(left, 0, 0.5 * direction.Sum(x => Math.Abs((double)x)));
    }

    [Fact]
    public void Dot_OtherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => WideVectors.Dot([1], [1, 2]));
}
