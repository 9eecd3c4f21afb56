using Research.Chain.Primitives;

namespace Research.Tests.Chain.Primitives;

public sealed class Bytes32Tests
{
    [Fact]
    public void CompareTo_RandomPairs_OrdersAsBytes()
    {
        Random random = new(1);
        byte[] a = new byte[32];
        byte[] b = new byte[32];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(a);
            a.AsSpan(0, random.Next(33)).CopyTo(b); // Equal prefixes of every length.

            Assert.Equal(
                Math.Sign(a.AsSpan().SequenceCompareTo(b)), Math.Sign(new Bytes32(a).CompareTo(new Bytes32(b))));
            Assert.Equal(a.AsSpan().SequenceEqual(b), new Bytes32(a) == new Bytes32(b));
        }
    }

    [Fact]
    public void Parse_ItsOwnText_ReadsBack()
    {
        Bytes32 value = Bytes32.Random();

        Assert.Equal(value, Bytes32.Parse(value.ToString()));
        Assert.NotEqual(value, Bytes32.Random());
    }

    [Theory]
    [InlineData("0x00")]
    [InlineData("zz")]
    public void Parse_OtherText_Throws(string text) => Assert.Throws<FormatException>(() => Bytes32.Parse(text));
}
