using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Research.Federation.Trace;

/// <summary>
/// The tree of <see cref="LeafTree"/> over leaf hashes that come from several threads in any order, kept from the level
/// of chunks upward.
/// </summary>
/// <remarks>
/// A chunk is 2^<see cref="ChunkLevel"/> leaves. One that a call covers is reduced at once, without a lock; one that
/// calls share is collected until it is full. Memory: 33 bytes a chunk, 33 bytes a leaf of the chunks that are open,
/// and after <see cref="Finish"/> another 32 bytes a chunk.
/// </remarks>
internal sealed class ChunkedTree
{
    /// <summary>The most chunks: their nodes' bytes are addressed by an int.</summary>
    public const int MaximumChunks = 1 << 25;

    /// <summary>The greatest level of a chunk: 32 MB of leaf hashes.</summary>
    public const int MaximumChunkLevel = 20;

    private readonly long _leafCount;
    private readonly TreeHash[] _chunks;
    private readonly bool[] _taken; // [chunk]: its node is in place, or about to be.
    private readonly ConcurrentDictionary<int, OpenChunk> _open = new();
    private TreeHash[][]? _levels; // [level − ChunkLevel][index], without the nodes over nothing but padding.

    /// <summary>Prepares a tree.</summary>
    /// <param name="leafCount">Leaves before the padding to a power of two.</param>
    /// <param name="chunkLevel">0 to <see cref="MaximumChunkLevel"/>; a shallower tree is one chunk.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or there would be more than
    /// <see cref="MaximumChunks"/> chunks.</exception>
    public ChunkedTree(long leafCount, int chunkLevel = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunkLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunkLevel, MaximumChunkLevel);
        ArgumentOutOfRangeException.ThrowIfNegative(leafCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leafCount, (long)MaximumChunks << chunkLevel);

        _leafCount = leafCount;
        Depth = TreeLevels.Depth(leafCount);
        ChunkLevel = Math.Min(chunkLevel, Depth);
        long chunks = (leafCount + (1L << ChunkLevel) - 1) >> ChunkLevel;
        _chunks = new TreeHash[chunks];
        _taken = new bool[chunks];
    }

    /// <summary>Gets the level of the root.</summary>
    public int Depth { get; }

    /// <summary>Gets the lowest level whose nodes are kept: the one asked for, at most <see cref="Depth"/>.</summary>
    public int ChunkLevel { get; }

    /// <summary>Gets the root.</summary>
    /// <exception cref="InvalidOperationException">The tree is not finished.</exception>
    public TreeHash Root => Node(Depth, 0);

    /// <summary>Takes hashes of consecutive leaves. Threads may call at once; each leaf comes once.</summary>
    /// <param name="firstLeaf">The first leaf.</param>
    /// <param name="leafHashes">[leaves, 32].</param>
    /// <exception cref="InvalidOperationException">A leaf came before, or the tree is finished. A leaf that comes a
    /// second time while its chunk is open elsewhere may pass here: then <see cref="Finish"/> throws.</exception>
    public void Add(long firstLeaf, ReadOnlySpan<byte> leafHashes)
    {
        if (leafHashes.Length % TreeHash.Size != 0)
        {
            throw new ArgumentException(
                $"Expected hashes of {TreeHash.Size} bytes; got {leafHashes.Length} bytes.", nameof(leafHashes));
        }

        ReadOnlySpan<TreeHash> hashes = MemoryMarshal.Cast<byte, TreeHash>(leafHashes);
        ArgumentOutOfRangeException.ThrowIfNegative(firstLeaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstLeaf, _leafCount - hashes.Length);
        if (_levels is not null)
        {
            throw new InvalidOperationException("The tree is finished; no leaf can be added.");
        }

        while (!hashes.IsEmpty)
        {
            int chunk = (int)(firstLeaf >> ChunkLevel);
            int offset = (int)(firstLeaf - FirstLeaf(chunk));
            ReadOnlySpan<TreeHash> part = hashes[..Math.Min(hashes.Length, LeavesOf(chunk) - offset)];
            if (part.Length == LeavesOf(chunk))
            {
                Take(chunk, part);
            }
            else
            {
                AddToOpen(chunk, offset, part);
            }

            firstLeaf += part.Length;
            hashes = hashes[part.Length..];
        }
    }

    /// <summary>Builds the upper levels, after every <see cref="Add"/> has returned.</summary>
    /// <returns>The root.</returns>
    /// <exception cref="InvalidOperationException">A leaf is missing or came twice.</exception>
    public TreeHash Finish()
    {
        RequireEveryLeafOnce();
        TreeHash[][] levels = new TreeHash[Depth - ChunkLevel + 1][];
        levels[0] = _chunks;
        for (int i = 1; i < levels.Length; i++)
        {
            levels[i] = new TreeHash[(levels[i - 1].Length + 1) / 2];
            TreeLevels.HashLevel(levels[i - 1], ChunkLevel + i - 1, levels[i]);
        }

        _levels = levels;
        return Root;
    }

    /// <summary>Gets a node of the finished tree.</summary>
    /// <param name="level"><see cref="ChunkLevel"/> to <see cref="Depth"/>; leaves are at 0.</param>
    /// <param name="index">0 to 2^(Depth − level) − 1.</param>
    /// <exception cref="InvalidOperationException">The tree is not finished.</exception>
    public TreeHash Node(int level, long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, ChunkLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, Depth);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << (Depth - level));
        TreeHash[][] levels = _levels ?? throw new InvalidOperationException("The tree is not finished.");
        TreeHash[] nodes = levels[level - ChunkLevel];
        return index < nodes.Length ? nodes[index] : TreeLevels.ZeroRoot(level);
    }

    private static InvalidOperationException Twice(long first, long end) => new(
        end - first == 1 ? $"Leaf {first} was added twice." : $"A leaf of {first} to {end - 1} was added twice.");

    private long FirstLeaf(int chunk) => (long)chunk << ChunkLevel;

    private int LeavesOf(int chunk) => (int)Math.Min(1L << ChunkLevel, _leafCount - FirstLeaf(chunk));

    private InvalidOperationException Twice(int chunk) => Twice(FirstLeaf(chunk), FirstLeaf(chunk) + LeavesOf(chunk));

    /// <summary>Sets a chunk's node, once.</summary>
    private void Take(int chunk, ReadOnlySpan<TreeHash> leaves)
    {
        if (Interlocked.Exchange(ref _taken[chunk], true))
        {
            throw Twice(chunk);
        }

        TreeHash[] rented = ArrayPool<TreeHash>.Shared.Rent(leaves.Length);
        Span<TreeHash> nodes = rented.AsSpan(0, leaves.Length);
        leaves.CopyTo(nodes);
        _chunks[chunk] = TreeLevels.Reduce(nodes, 0, ChunkLevel);
        ArrayPool<TreeHash>.Shared.Return(rented);
    }

    private void AddToOpen(int chunk, int offset, ReadOnlySpan<TreeHash> leaves)
    {
        if (Volatile.Read(ref _taken[chunk]))
        {
            throw Twice(chunk);
        }

        OpenChunk open = _open.GetOrAdd(chunk, static (_, count) => new OpenChunk(count), LeavesOf(chunk));
        (int duplicate, bool full) = open.Add(offset, leaves);
        if (duplicate >= 0)
        {
            throw Twice(FirstLeaf(chunk) + duplicate, FirstLeaf(chunk) + duplicate + 1);
        }

        if (full)
        {
            Take(chunk, open.Leaves);
            _ = _open.TryRemove(chunk, out _);
        }
    }

    private void RequireEveryLeafOnce()
    {
        if (!_open.IsEmpty)
        {
            (int chunk, OpenChunk open) = _open.MinBy(entry => entry.Key);
            throw _taken[chunk] ? Twice(chunk)
                : new InvalidOperationException($"Leaf {FirstLeaf(chunk) + open.FirstMissing} is missing.");
        }

        int missing = Array.IndexOf(_taken, false);
        if (missing >= 0)
        {
            throw new InvalidOperationException(
                $"Leaves {FirstLeaf(missing)} to {FirstLeaf(missing) + LeavesOf(missing) - 1} are missing.");
        }
    }
}
