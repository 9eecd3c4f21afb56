using System.Runtime.CompilerServices;
using Research.Federation.Trace;

namespace Research.Tests.Federation.Trace;

public sealed class TreeHashTests
{
    private const string Text = "0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5";

    [Fact]
    public void Parse_OfToString_IsTheSame()
    {
        TreeHash hash = TreeHash.Parse(Text);

        Assert.Equal(Text, hash.ToString());
        Assert.Equal(hash, TreeHash.Parse(Text[2..].ToUpperInvariant()));
        Assert.Equal(hash, new TreeHash(hash.ToArray()));
        Assert.NotEqual(hash, default);
        Assert.Equal(Convert.FromHexString(Text[2..]), hash.ToArray());
        Assert.Equal(TreeHash.Size, Unsafe.SizeOf<TreeHash>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x12")]
    [InlineData("0xzd3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5")]
    [InlineData(Text + "00")]
    public void Parse_AnythingElse_Throws(string text)
    {
        Assert.Throws<FormatException>(() => TreeHash.Parse(text));
        Assert.False(TreeHash.TryParse(text, out _));
    }

    [Fact]
    public void Bytes_OfAnotherLength_Throw()
    {
        Assert.Throws<ArgumentException>(() => new TreeHash(new byte[31]));
        Assert.Throws<ArgumentException>(() => new TreeHash(new byte[33]));
        Assert.Throws<ArgumentException>(() => default(TreeHash).CopyTo(new byte[31]));
    }
}
