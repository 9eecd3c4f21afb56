using System.Numerics;
using System.Runtime.Intrinsics;
using Research.Chain.Primitives;
using Research.Federation.Trace;

namespace Research.Tests.Federation.Trace;

/// <summary>Every width against Nethereum's keccak, and published vectors.</summary>
public sealed unsafe class KeccakLanesTests
{
    private delegate void Path(ReadOnlySpan<byte> messages, int size, Span<byte> hashes);

    public static TheoryData<int> Counts => [.. Enumerable.Range(0, 41), 127, 1000, 4099];

    [Theory]
    [MemberData(nameof(Counts))]
    public void EveryPath_AnyCount_EqualsNethereum(int count)
    {
        foreach (int size in (int[])[KeccakLanes.PairBytes, KeccakLanes.LeafBytes])
        {
            byte[] messages = Bytes.Random(count * size, seed: count);
            byte[] expected = [.. messages.Chunk(size).SelectMany(message => Keccak256.Hash(message).ToArray())];
            foreach (Path path in Paths())
            {
                byte[] hashes = new byte[count * KeccakLanes.DigestBytes];

                path(messages, size, hashes);

                Assert.Equal(expected, hashes);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void EveryPath_PairsInPlace_EqualsTheScalarTwin(int count)
    {
        byte[] pairs = Bytes.Random(count * KeccakLanes.PairBytes, seed: count);
        byte[] expected = new byte[count * KeccakLanes.DigestBytes];
        KeccakLanes.HashScalar(pairs, KeccakLanes.PairBytes, expected);
        foreach (Path path in Paths())
        {
            byte[] nodes = [.. pairs];

            path(nodes, KeccakLanes.PairBytes, nodes.AsSpan(0, expected.Length));

            Assert.Equal(expected, nodes[..expected.Length]);
        }
    }

    // Vectors: levels 1 to 4 of the zero hashes of keccak trees over 32 zero bytes, as in Polygon zkEVM's contracts.
    [Theory]
    [InlineData(
        "0x0000000000000000000000000000000000000000000000000000000000000000",
        "0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5")]
    [InlineData(
        "0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5",
        "0xb4c11951957c6f8f642c4af61cd6b24640fec6dc7fc607ee8206a99e92410d30")]
    [InlineData(
        "0xb4c11951957c6f8f642c4af61cd6b24640fec6dc7fc607ee8206a99e92410d30",
        "0x21ddb9a356815c3fac1026b6dec5df3124afbadb485c9ba5a3e3398a04b7ba85")]
    [InlineData(
        "0x21ddb9a356815c3fac1026b6dec5df3124afbadb485c9ba5a3e3398a04b7ba85",
        "0xe58769b32a1beaf1ea27375a44095a0d1fb664ce2dd358e7fcbfb78c26a19344")]
    public void EveryPath_PublishedPair_Matches(string child, string expected)
    {
        byte[] half = TreeHash.Parse(child).ToArray();
        byte[] pairs = [.. Enumerable.Repeat(half, 2 * 13).SelectMany(bytes => bytes)];
        foreach (Path path in Paths())
        {
            byte[] hashes = new byte[13 * KeccakLanes.DigestBytes];

            path(pairs, KeccakLanes.PairBytes, hashes);

            Assert.All(hashes.Chunk(TreeHash.Size), hash => Assert.Equal(expected, new TreeHash(hash).ToString()));
        }
    }

    // Vector: EigenLayer's ZERO_PK_HASH, the keccak-256 of the 128 bytes of a zero point.
    [Fact]
    public void EveryPath_ZeroLeaf_IsThePublishedHash()
    {
        foreach (Path path in Paths())
        {
            byte[] hashes = new byte[13 * KeccakLanes.DigestBytes];

            path(new byte[13 * KeccakLanes.LeafBytes], KeccakLanes.LeafBytes, hashes);

            Assert.All(hashes.Chunk(TreeHash.Size), hash => Assert.Equal(
                "0x012893657d8eb2efad4de0a91bcd0e39ad9837745dec3ea923737ea803fc8e3d", new TreeHash(hash).ToString()));
        }
    }

    [Fact]
    public void Digest_OfTheZeroState_IsThePublishedOne()
    {
        // Vector: the Keccak team's KeccakF-1600-IntermediateValues.txt, first permutation, lanes 0 to 3.
        ulong[] expected = [0xF1258F7940E1DDE7, 0x84D5CCF933C0478A, 0xD598261EA65AA9EE, 0xBD1547306F80494D];
        ulong* scalar = stackalloc ulong[KeccakPermutation.StateWords];
        new Span<ulong>(scalar, KeccakPermutation.StateWords).Clear();
        KeccakPermutation.Digest<ulong, KeccakWidth64>(scalar);
        Assert.Equal(expected, new Span<ulong>(scalar, KeccakPermutation.DigestWords).ToArray());

        if (!KeccakWidth256.IsSupported)
        {
            return;
        }

        Vector256<ulong>* medium = stackalloc Vector256<ulong>[KeccakPermutation.StateWords];
        new Span<Vector256<ulong>>(medium, KeccakPermutation.StateWords).Clear();
        KeccakPermutation.Digest<Vector256<ulong>, KeccakWidth256>(medium);
        for (int word = 0; word < expected.Length; word++)
        {
            Assert.Equal(Vector256.Create(expected[word]), medium[word]);
        }
    }

    [Fact]
    public void RotateLeftByAvx2_EveryDistance_EqualsTheScalarOne()
    {
        if (!KeccakWidth256.IsSupported)
        {
            return;
        }

        Vector256<ulong> words = Vector256.Create(
            0x0123456789ABCDEFUL, 0xFEDCBA9876543210UL, 0x8000000000000001UL, 0xF1258F7940E1DDE7UL);
        for (byte bits = 1; bits < 64; bits++)
        {
            Vector256<ulong> rotated = KeccakWidth256.RotateLeftByAvx2(words, bits);

            for (int lane = 0; lane < Vector256<ulong>.Count; lane++)
            {
                Assert.Equal(BitOperations.RotateLeft(words[lane], bits), rotated[lane]);
            }
        }
    }

    [Theory]
    [InlineData(127, 32)]
    [InlineData(128, 31)]
    [InlineData(128, 64)]
    [InlineData(0, 32)]
    public void HashLeaves_WrongLength_Throws(int leaves, int hashes) =>
        Assert.Throws<ArgumentException>(() => KeccakLanes.HashLeaves(new byte[leaves], new byte[hashes]));

    private static IEnumerable<Path> Paths()
    {
        yield return KeccakLanes.HashScalar;
        yield return (messages, size, hashes) =>
        {
            if (size == KeccakLanes.PairBytes)
            {
                KeccakLanes.HashPairs(messages, hashes);
            }
            else
            {
                KeccakLanes.HashLeaves(messages, hashes);
            }
        };
        if (KeccakWidth256.IsSupported)
        {
            yield return KeccakLanes.Hash256;
        }

        if (KeccakWidth512.IsSupported)
        {
            yield return KeccakLanes.Hash512;
        }
    }
}
