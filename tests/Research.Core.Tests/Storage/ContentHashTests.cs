using System.Text;
using Research.Storage;

namespace Research.Tests.Storage;

public sealed class ContentHashTests
{
    // Vectors: FIPS 180-4 examples for SHA-256.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Of_PublishedVector_Matches(string text, string expected)
    {
        ContentHash hash = ContentHash.Of(Encoding.ASCII.GetBytes(text));

        Assert.Equal(expected, hash.ToString());
        Assert.Equal(hash, ContentHash.Parse("0x" + expected));
        Assert.Equal(hash, new ContentHash(hash.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x12")]
    [InlineData("zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad00")]
    public void Parse_AnythingElse_Throws(string text) =>
        Assert.Throws<FormatException>(() => ContentHash.Parse(text));
}
