using System.Runtime.InteropServices;
using Research.Federation.Trace;

namespace Research.Tests.Federation.Trace;

public sealed class ChunkedTreeTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> shapes = [];
            foreach (int leaves in (int[])[0, 1, 2, 3, 7, 8, 9, 100, 1023, 1024, 1025, 5000])
            {
                foreach (int chunkLevel in (int[])[0, 1, 3, 10])
                {
                    shapes.Add(leaves, chunkLevel);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Finish_RandomPartsFromThreads_IsTheRootOfTheLeaves(int leaves, int chunkLevel)
    {
        byte[] bytes = Bytes.Random(leaves * 128, seed: leaves);
        byte[] hashes = Hashes(bytes);
        TreeHash expected = LeafTree.Root(bytes);
        for (int seed = 0; seed < 5; seed++)
        {
            ChunkedTree tree = new(leaves, chunkLevel);
            (int Start, int End)[] parts = Partition(leaves, Math.Max(1, leaves >> (2 * seed)), seed);
            Parallel.ForEach(
                parts,
                new ParallelOptions { MaxDegreeOfParallelism = 4 },
                part => tree.Add(part.Start, hashes.AsSpan(part.Start * 32, (part.End - part.Start) * 32)));

            Assert.Equal(expected, tree.Finish());
            Assert.Equal(expected, tree.Root);
            Assert.Equal(LeafTree.Depth(leaves), tree.Depth);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Node_OfEveryLevel_IsTheRootOfItsLeaves(int leaves, int chunkLevel)
    {
        byte[] bytes = Bytes.Random(leaves * 128, seed: leaves);
        ChunkedTree tree = new(leaves, chunkLevel);
        tree.Add(0, Hashes(bytes));
        tree.Finish();
        byte[] padded = new byte[128 << tree.Depth];
        bytes.CopyTo(padded, 0);

        Assert.Equal(Math.Min(chunkLevel, tree.Depth), tree.ChunkLevel);
        for (int level = tree.ChunkLevel; level <= tree.Depth; level++)
        {
            int count = 1 << (tree.Depth - level);
            for (int index = 0; index < count; index += Math.Max(1, count / 16))
            {
                TreeHash expected = LeafTree.Root(padded.AsSpan(index * (128 << level), 128 << level));
                Assert.Equal(expected, tree.Node(level, index));
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => tree.Node(level, count));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Node(tree.ChunkLevel - 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Node(tree.Depth + 1, 0));
    }

    [Theory]
    [InlineData(0, 8, "Leaves 8 to 9 are missing.")]
    [InlineData(0, 4, "Leaves 4 to 7 are missing.")]
    [InlineData(1, 10, "Leaf 0 is missing.")]
    [InlineData(0, 9, "Leaf 9 is missing.")]
    public void Finish_MissingLeaves_Throws(int first, int end, string message)
    {
        ChunkedTree tree = new(10, chunkLevel: 2);
        tree.Add(first, new byte[(end - first) * 32]);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => tree.Finish());
        Assert.Throws<InvalidOperationException>(() => tree.Root);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(0, 4, 0, 4)] // A whole chunk again.
    [InlineData(0, 4, 1, 2)] // A part of a whole one.
    [InlineData(1, 3, 2, 4)] // A part of an open one.
    [InlineData(0, 10, 8, 10)] // The partial last chunk again.
    [InlineData(3, 5, 4, 5)]
    public void Add_LeavesAgain_Throws(int first, int end, int again, int againEnd)
    {
        ChunkedTree tree = new(10, chunkLevel: 2);
        tree.Add(first, new byte[(end - first) * 32]);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => tree.Add(again, new byte[(againEnd - again) * 32]));
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finish_WholeChunkOverAnOpenOne_Throws()
    {
        ChunkedTree tree = new(8, chunkLevel: 2);
        tree.Add(1, new byte[32]);
        tree.Add(0, new byte[8 * 32]);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => tree.Finish());
        Assert.Equal("A leaf of 0 to 3 was added twice.", error.Message);
    }

    [Fact]
    public void Add_OutsideOrAfterTheEnd_Throws()
    {
        ChunkedTree tree = new(10, chunkLevel: 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Add(-1, new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Add(9, new byte[64]));
        Assert.Throws<ArgumentException>(() => tree.Add(0, new byte[33]));
        Assert.Throws<InvalidOperationException>(() => tree.Node(2, 0));
        tree.Add(0, new byte[320]);
        tree.Finish();
        Assert.Throws<InvalidOperationException>(() => tree.Add(0, new byte[32]));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(10, -1)]
    [InlineData(10, 21)]
    [InlineData((1L << 35) + 1, 10)]
    public void Shape_OutOfRange_Throws(long leaves, int chunkLevel) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkedTree(leaves, chunkLevel));

    private static byte[] Hashes(byte[] bytes)
    {
        TreeHash[] hashes = new TreeHash[bytes.Length / 128];
        KeccakLanes.HashLeaves(bytes, MemoryMarshal.AsBytes(hashes.AsSpan()));
        return MemoryMarshal.AsBytes(hashes.AsSpan()).ToArray();
    }

    /// <summary>Cuts [0, count) at random into about so many parts, in random order; some may be empty.</summary>
    private static (int Start, int End)[] Partition(int count, int parts, int seed)
    {
        Random random = new(seed);
        int[] cuts = [0, .. Enumerable.Range(0, parts - 1).Select(_ => random.Next(count + 1)).Order(), count];
        (int Start, int End)[] ranges = [.. cuts.Zip(cuts.Skip(1))];
        random.Shuffle(ranges);
        return ranges;
    }
}
