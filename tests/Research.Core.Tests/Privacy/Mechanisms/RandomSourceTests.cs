using System.Numerics;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class RandomSourceTests
{
    // Oracle: openssl enc -chacha20 of zeros, under sha256("research/insecure-seeded-random/2\n" + 42 + "noise") with a
    // zero counter and nonce; words of 16 blocks at a time taken in ChaCha's order.
    [Fact]
    public void InsecureSeededRandom_KnownSeed_MatchesOpenSsl()
    {
        byte[] bytes = new byte[16384 + 16];

        new InsecureSeededRandom(42, "noise").Fill(bytes);

        Assert.Equal("b98b1d56c8609d2fb1e8f5b8abc1417f8b2a06f7ba9066566b743e65107348ab", Convert.ToHexStringLower(bytes.AsSpan(0, 32)));
        // after a refill
        Assert.Equal("21e06f9c72a00f71d428f0ccf2382866", Convert.ToHexStringLower(bytes.AsSpan(16384)));
    }

    [Fact]
    public void InsecureSeededRandom_FilledInPieces_GivesTheSameStream()
    {
        byte[] whole = new byte[200_000];
        byte[] pieces = new byte[whole.Length];
        InsecureSeededRandom source = new(7, "a");

        new InsecureSeededRandom(7, "a").Fill(whole);
        for (int at = 0, size = 1; at < pieces.Length; at += size, size = (size * 3) + 1)
        {
            source.Fill(pieces.AsSpan(at, Math.Min(size, pieces.Length - at)));
        }

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void InsecureSeededRandom_OtherSeedStreamOrFork_GivesOtherBytes()
    {
        InsecureSeededRandom root = new(1, "a");
        RandomSource[] sources =
        [
            root, new InsecureSeededRandom(2, "a"), new InsecureSeededRandom(1, "b"),
            root.Fork("noise"), root.Fork("noise"), root.Fork("sampling"),
        ];

        Assert.Equal(sources.Length, sources.Select(First).Distinct().Count());
        Assert.Equal(
            First(new InsecureSeededRandom(1, "a").Fork("noise")),
            First(new InsecureSeededRandom(1, "a").Fork("noise")));
        Assert.All(sources, source => Assert.False(source.IsCryptographic));
    }

    [Fact]
    public void CryptographicRandom_SourcesAndForks_NeverRepeat()
    {
        CryptographicRandom source = new();
        List<UInt128> blocks =
            [First(source), First(source), First(new CryptographicRandom()), First(source.Fork("noise"))];
        byte[] skipped = new byte[1 << 16]; // past a refill
        source.Fill(skipped);
        blocks.Add(First(source));

        Assert.Equal(blocks.Count, blocks.Distinct().Count());
        Assert.True(source.IsCryptographic);
    }

    [Fact]
    public void CryptographicRandom_Bits_AreBalanced()
    {
        byte[] bytes = new byte[1 << 20];
        new CryptographicRandom().Fill(bytes);
        long ones = bytes.Sum(value => (long)BitOperations.PopCount(value));

        // Half of 2²³ bits within 8 standard deviations (2^10.5): fails by chance once in 10¹⁵ runs.
        Assert.InRange(ones, (1 << 22) - 11_600, (1 << 22) + 11_600);
    }

    [Fact]
    public void Fork_WithoutPurpose_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new CryptographicRandom().Fork(""));
        Assert.Throws<ArgumentException>(() => new InsecureSeededRandom(1, "a").Fork(""));
        Assert.Throws<ArgumentException>(() => new InsecureSeededRandom(1, ""));
    }

    private static UInt128 First(RandomSource source)
    {
        byte[] bytes = new byte[16];
        source.Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
