using Research.Chain.Primitives;

namespace Research.Tests.Chain.Primitives;

public sealed class Bytes24Tests
{
    [Fact]
    public void CompareTo_RandomPairs_OrdersAsBytes()
    {
        Random random = new(1);
        byte[] a = new byte[24];
        byte[] b = new byte[24];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(a);
            a.AsSpan(0, random.Next(25)).CopyTo(b); // Equal prefixes of every length.

            Assert.Equal(
                Math.Sign(a.AsSpan().SequenceCompareTo(b)), Math.Sign(new Bytes24(a).CompareTo(new Bytes24(b))));
            Assert.Equal(a.AsSpan().SequenceEqual(b), new Bytes24(a) == new Bytes24(b));
        }
    }

    [Fact]
    public void Of_AHash_IsItsFirst24Bytes()
    {
        Bytes32 hash = Keccak256.Hash([1]);

        Assert.Equal(hash.ToArray()[..24], Bytes24.Of(hash).ToArray());
        Assert.Equal(hash.ToString()[..50], Bytes24.Of(hash).ToString());
        Assert.Equal(Bytes24.Zero, Bytes24.Of(Bytes32.Zero));
    }

    [Fact]
    public void Parse_ItsOwnText_ReadsBack()
    {
        Bytes24 value = Bytes24.Of(Bytes32.Random());

        Assert.Equal(value, Bytes24.Parse(value.ToString()));
        Assert.Throws<ArgumentException>(() => new Bytes24(new byte[32]));
    }

    [Theory]
    [InlineData("0x00")]
    [InlineData("zz")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    public void Parse_OtherText_Throws(string text) => Assert.Throws<FormatException>(() => Bytes24.Parse(text));
}
