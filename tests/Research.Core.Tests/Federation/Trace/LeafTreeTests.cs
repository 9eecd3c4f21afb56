using Research.Chain.Primitives;
using Research.Federation.Trace;

namespace Research.Tests.Federation.Trace;

/// <summary>The tree against its definition, a recursion over padded bytes with Nethereum's keccak.</summary>
public sealed class LeafTreeTests
{
    public static TheoryData<int> Sizes =>
    [
        0, 1, 127, 128, 129, 255, 256, 257, 1000, 128 * 7, 128 * 8, (128 * 1024) - 1, 128 * 1024, (128 * 1024) + 5,
        128 * 1025, (3 * 128 * 1024) + 77,
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Root_AnySize_IsTheDefinition(int size)
    {
        byte[] bytes = Bytes.Random(size, seed: size);

        Assert.Equal(Definition(Padded(bytes)), LeafTree.Root(bytes));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Path_OfLeaves_VerifiesAndAlteredOnesDoNot(int size)
    {
        byte[] bytes = Bytes.Random(size, seed: size);
        byte[] padded = Padded(bytes);
        TreeHash root = LeafTree.Root(bytes);
        int depth = LeafTree.Depth(LeafTree.Leaves(size));
        long last = (padded.Length / 128) - 1;
        Assert.Equal(1L << depth, last + 1);
        foreach (long index in new HashSet<long>([0, last, last / 2, last / 3, Math.Min(last, size / 128)]))
        {
            TreeHash[] siblings = LeafTree.Path(bytes, index);
            byte[] leaf = padded[(int)(index * 128)..(int)((index + 1) * 128)];

            Assert.True(LeafTree.Verify(root, depth, index, leaf, siblings));

            AssertAlteredFail(root, depth, index, leaf, siblings);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)]
    public void Path_OfNoLeaf_Throws(long index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LeafTree.Path(new byte[1000], index));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(1L << 40, 40)]
    [InlineData((1L << 40) + 1, 41)]
    [InlineData(1L << 62, 62)]
    public void Depth_OfLeaves_IsTheLogarithmRoundedUp(long leaves, int depth) =>
        Assert.Equal(depth, LeafTree.Depth(leaves));

    [Fact]
    public void ZeroRoot_EveryLevel_IsTheRootOfZeros()
    {
        for (int level = 0; level < 12; level++)
        {
            Assert.Equal(LeafTree.Root(new byte[128 << level]), LeafTree.ZeroRoot(level));
        }

        Assert.Equal(Definition(new byte[128 * 8]), LeafTree.ZeroRoot(3));
        Assert.Equal(LeafTree.ZeroRoot(0), LeafTree.Root([]));
    }

    [Fact]
    public void Root_OfMuch_TakesLessThanAQuarterOfItsMemory()
    {
        byte[] bytes = new byte[1 << 22];
        _ = LeafTree.Root(bytes);

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = LeafTree.Root(bytes);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length / 64);
    }

    private static void AssertAlteredFail(TreeHash root, int depth, long index, byte[] leaf, TreeHash[] siblings)
    {
        Assert.False(LeafTree.Verify(root, depth, index + (1L << depth), leaf, siblings));
        Assert.False(LeafTree.Verify(root, depth, -1 - index, leaf, siblings));
        Assert.False(LeafTree.Verify(root, depth + 1, index, leaf, siblings));
        Assert.False(LeafTree.Verify(root, depth + 1, index, leaf, [.. siblings, LeafTree.ZeroRoot(depth)]));
        Assert.False(LeafTree.Verify(root, depth, index, leaf.AsSpan(0, 127), siblings));
        Assert.False(LeafTree.Verify(default, depth, index, leaf, siblings));
        byte[] otherLeaf = [.. leaf];
        otherLeaf[77] ^= 4;
        Assert.False(LeafTree.Verify(root, depth, index, otherLeaf, siblings));
        for (int level = 0; level < depth; level++)
        {
            TreeHash[] altered = [.. siblings];
            byte[] bits = altered[level].ToArray();
            bits[level] ^= 0x10;
            altered[level] = new TreeHash(bits);
            Assert.False(LeafTree.Verify(root, depth, index, leaf, altered));
            Assert.False(LeafTree.Verify(root, depth, index, leaf, siblings.AsSpan(1)));
            if (!AllZero(leaf))
            {
                Assert.False(LeafTree.Verify(root, depth, index ^ (1L << level), leaf, siblings));
            }
        }
    }

    private static bool AllZero(byte[] bytes) => !bytes.AsSpan().ContainsAnyExcept((byte)0);

    private static byte[] Padded(byte[] bytes)
    {
        int size = 128;
        while (size < bytes.Length)
        {
            size *= 2;
        }

        byte[] padded = new byte[size];
        bytes.CopyTo(padded, 0);
        return padded;
    }

    private static TreeHash Definition(ReadOnlySpan<byte> padded)
    {
        if (padded.Length == 128)
        {
            return new TreeHash(Keccak256.Hash(padded).ToArray());
        }

        int half = padded.Length / 2;
        byte[] pair = [.. Definition(padded[..half]).ToArray(), .. Definition(padded[half..]).ToArray()];
        return new TreeHash(Keccak256.Hash(pair).ToArray());
    }
}
