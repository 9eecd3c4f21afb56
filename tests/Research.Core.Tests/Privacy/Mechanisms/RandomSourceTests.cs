using System.Numerics;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class RandomSourceTests
{
    // McGrew and Viega, The Galois/Counter Mode of Operation (2005), appendix B, test cases 13 and 14: the hash key is
    // the encryption of block 0 under a zero key, the tag of the empty message that of block 1, and the ciphertext that
    // of block 2.
    [Fact]
    public void AesCounterStream_ZeroKey_MatchesPublishedBlocks()
    {
        byte[] stream = new byte[48];

        AesCounterStream.Write(new byte[32], firstBlock: 0, stream);

        Assert.Equal(
            "dc95c078a2408989ad48a21492842087530f8afbc74536b9a963b4f1c4cb738bcea7403d4d606b6e074ec5d3baf39d18",
            Convert.ToHexStringLower(stream));
    }

    // Oracle: openssl enc -aes-256-ctr under sha256("research/insecure-seeded-random/1\n" + 42 + "noise"), zeros
    // encrypted.
    [Fact]
    public void InsecureSeededRandom_KnownSeed_MatchesOpenSsl()
    {
        byte[] bytes = new byte[65536 + 16];

        new InsecureSeededRandom(42, "noise").Fill(bytes);

        Assert.Equal(
            "0ac36a8de3a6e55d6c09436a3f6112dda35b046bdcc219b96ff4688afb86b45c",
            Convert.ToHexStringLower(bytes.AsSpan(0, 32)));
        // after a refill
        Assert.Equal("08e9289c48c546e943868b549611d34d", Convert.ToHexStringLower(bytes.AsSpan(65536)));
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
