using System.Text;
using Research.Storage;
using Research.Storage.Ipfs;

namespace Research.Tests.Storage.Ipfs;

public sealed class CidTests
{
    // The CID of "hello world" in both versions as kubo's test/cli/cid_profiles_test.go has them, the empty raw block as
    // js-ipfs 0.18.1 adds it, and the pair of one node in both versions from multiformats' documentation of CIDs.
    [Theory]
    [InlineData("hello world", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")]
    [InlineData("", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    public void RawOf_PublishedVector_Matches(string text, string expected)
    {
        ContentHash hash = ContentHash.Of(Encoding.UTF8.GetBytes(text));

        Cid cid = Cid.RawOf(hash);

        Assert.Equal(expected, cid.ToString());
        Assert.Equal(cid, Cid.Parse(expected));
        Assert.Equal((1, CidCodec.Raw, hash), (cid.Version, cid.Codec, cid.Digest));
    }

    [Theory]
    [InlineData("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")]
    [InlineData("Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD", null)]
    public void Parse_Version0_IsTheSameNode(string text, string? version1)
    {
        Cid cid = Cid.Parse(text);

        Assert.Equal((0, CidCodec.DagPb), (cid.Version, cid.Codec));
        Assert.Equal(text, cid.ToString());
        Assert.Equal(version1 ?? new Cid(CidCodec.DagPb, cid.Digest).ToString(), new Cid(CidCodec.DagPb, cid.Digest).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("b")]
    [InlineData("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5")] // A digit less.
    [InlineData("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5ea")] // One more.
    [InlineData("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5f")] // Bits besides that are not zero.
    [InlineData("Bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")]
    [InlineData("bAFKREIFZJUT3TE2NHYEKKLSS27NH3K72YSCO7Y32KOAO5EEI66WOF36N5E")]
    [InlineData("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n1e")] // No digit of base32.
    [InlineData("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5=")]
    [InlineData("bafyreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")] // dag-cbor.
    [InlineData("bafkrwifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")] // Another hash.
    [InlineData("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMn")]
    [InlineData("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMn0")] // No digit of base58.
    [InlineData("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMn ")]
    [InlineData("zdj7WhuEjrB5m1q7G9j9mWpCFVjPx4WzpYRqLGz3Ydc2bJpzT")]
    [InlineData("/ipfs/QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBu")]
    public void TryParse_WhatIsNoCidOfOurs_IsFalse(string? text)
    {
        Assert.False(Cid.TryParse(text, out _));
        Assert.False(Cid.TryParse(new string('b', 1 << 20), out _));
        if (text is not null)
        {
            FormatException error = Assert.Throws<FormatException>(() => Cid.Parse(text));
            Assert.Contains($"got {text.Length} characters", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TryParse_RandomDigests_ReadBackAsWritten()
    {
        Random random = new(19);
        byte[] digest = new byte[ContentHash.Size];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(digest);
            foreach (Cid cid in (Cid[])
                [
                    Cid.RawOf(new ContentHash(digest)),
                    new Cid(CidCodec.DagPb, new ContentHash(digest)),
                    Cid.Version0Of(new ContentHash(digest)),
                ])
            {
                Assert.Equal(cid, Cid.Parse(cid.ToString()));
                Assert.True(Cid.TryRead(cid.ToArray(), out Cid read));
                Assert.Equal(cid, read);
                Assert.False(Cid.TryRead(cid.ToArray().AsSpan(0, 33), out _));
                Assert.False(Cid.TryRead([.. cid.ToArray(), 0], out _));
            }
        }
    }

    [Fact]
    public void New_AnotherCodec_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cid((CidCodec)0x71, default));
}
