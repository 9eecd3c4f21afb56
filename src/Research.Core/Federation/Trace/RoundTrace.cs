using System.Buffers.Binary;
using Research.Federation.Program;
using Research.Federation.Program.Machine;

namespace Research.Federation.Trace;

/// <summary>All outputs of a round's scoring, as a tree: any part of it is computed again when it is asked for.</summary>
/// <remarks>
/// The trace is never stored. What is asked for is made again from what the machine kept, so that opening a step takes
/// milliseconds and scoring a thousand updates a few megabytes. See <c>contracts/SCORING.md</c>.
/// </remarks>
public sealed class RoundTrace : IDisposable
{
    private const int WordBytes = 32;

    private readonly ScoringProgram _program;
    private readonly ProgramInputs _inputs;
    private readonly ScoringMachine _machine;
    private readonly ChunkedTree _tree;
    private readonly Lazy<ProgramCode> _code;
    private readonly Lock _lock = new();
    private (long Chunk, byte[] Hashes) _opened = (-1, []);
    private bool _isDisposed;

    internal RoundTrace(ScoringProgram program, ProgramInputs inputs, ScoringMachine machine, ChunkedTree tree)
    {
        (_program, _inputs, _machine, _tree) = (program, inputs, machine, tree);
        _code = new Lazy<ProgramCode>(() => ProgramCode.Of(program));
    }

    /// <summary>Gets the root of the tree over the trace's leaves of 128 bytes: what is posted on chain.</summary>
    public TreeHash Root => _tree.Root;

    /// <summary>Gets the level of the root; leaves are at 0.</summary>
    public int Depth => _tree.Depth;

    /// <summary>Gets the bytes of the trace, whole leaves.</summary>
    public long Bytes => _machine.Bytes;

    /// <summary>Gets the root of the program: its records and constants, which follow from the specification.</summary>
    public TreeHash ProgramRoot => _code.Value.Root;

    /// <summary>Gets the seats: the reveals, rounded up to a multiple of 16.</summary>
    public int Seats => _machine.Seats;

    /// <summary>Gets where the points of a reveal lie, in bytes: seats are taken from the last.</summary>
    /// <param name="index">The reveal's index.</param>
    public long PointsAddress(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Seats);
        return _program.Results.Points.Address.At(Seats / Extent.SeatBlock) + ((Seats - 1L - index) * sizeof(long));
    }

    /// <summary>Gets where the total of the points lies.</summary>
    public long TotalAddress => _program.Results.Total.Address.At(Seats / Extent.SeatBlock);

    /// <summary>Gets where the next model's root lies; see <see cref="ModelRoots"/>.</summary>
    public long ModelRootAddress => _program.Results.ModelRoot.Address.At(Seats / Extent.SeatBlock);

    internal ScoringProgram Program => _program;

    internal ProgramInputs Inputs => _inputs;

    internal ScoringMachine Machine => _machine;

    internal ProgramCode Code => _code.Value;

    /// <summary>Gets how many steps the program has for this round, by what they compute.</summary>
    public IReadOnlyDictionary<string, long> CountSteps() => ProgramSize.StepsOf(_program, Seats);

    /// <summary>Gets some bytes of the trace.</summary>
    /// <param name="address">The first.</param>
    /// <param name="count">How many.</param>
    public byte[] Read(long address, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, Bytes - count);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _machine.Read(address, count);
        }
    }

    /// <summary>Gets a number of the trace, of 8 bytes.</summary>
    /// <param name="address">Where it lies.</param>
    public long ReadNumber(long address) => BinaryPrimitives.ReadInt64BigEndian(Read(address, sizeof(long)));

    /// <summary>Gets a node of the tree.</summary>
    /// <param name="level">The level, 0 for leaves.</param>
    /// <param name="index">Which, from the left.</param>
    public TreeHash Node(int level, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        if (level >= _tree.ChunkLevel)
        {
            return _tree.Node(level, index);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << (Depth - level));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ReadOnlySpan<byte> hashes = Chunk(index >> (_tree.ChunkLevel - level));
            long inside = index & ((1L << (_tree.ChunkLevel - level)) - 1);
            Span<byte> below = hashes.Slice((int)(inside << level) * WordBytes, WordBytes << level).ToArray();
            for (; level > 0; level--)
            {
                KeccakLanes.HashPairs(below, below[..(below.Length / 2)]);
                below = below[..(below.Length / 2)];
            }

            return new TreeHash(below);
        }
    }

    /// <summary>Opens a leaf: its bytes, and the nodes beside its way to the root.</summary>
    /// <param name="leaf">Which, from 0.</param>
    public (byte[] Leaf, IReadOnlyList<TreeHash> Siblings) Open(long leaf)
    {
        TreeHash[] siblings = new TreeHash[Depth];
        for (int level = 0; level < siblings.Length; level++)
        {
            siblings[level] = Node(level, (leaf >> level) ^ 1);
        }

        long address = leaf * KeccakLanes.LeafBytes;
        return (address < Bytes ? Read(address, KeccakLanes.LeafBytes) : new byte[KeccakLanes.LeafBytes], siblings);
    }

    /// <summary>Tells whether a leaf is the one that a trace has.</summary>
    /// <param name="root">The trace's root.</param>
    /// <param name="leaf">Which leaf.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="siblings">The nodes beside its way to the root.</param>
    public static bool Verify(TreeHash root, long leaf, ReadOnlySpan<byte> bytes, IReadOnlyList<TreeHash> siblings)
    {
        ArgumentNullException.ThrowIfNull(siblings);
        return LeafTree.Verify(root, siblings.Count, leaf, bytes, [.. siblings]);
    }

    /// <summary>Finds the first leaf in which another trace differs, level by level.</summary>
    /// <param name="other">Gives a node of the other tree by level and index; it has the same depth.</param>
    /// <returns>The leaf, from 0; null where the roots are equal.</returns>
    public long? FirstDifference(Func<int, long, TreeHash> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other(Depth, 0) == Root)
        {
            return null;
        }

        long index = 0;
        for (int level = Depth - 1; level >= 0; level--)
        {
            index = 2 * index;
            if (other(level, index) == Node(level, index))
            {
                index++; // The left half is equal: so the right one differs.
            }
        }

        return index;
    }

    /// <summary>Opens the step that made the output at an address: its operands, and what they give.</summary>
    /// <param name="address">An address within the output.</param>
    /// <exception cref="ArgumentException">No output lies there: the bytes fill up a leaf, and are zero.</exception>
    public TraceStep Step(long address)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(address, Bytes);
        return Steps().At(address);
    }

    internal StepReader Steps() => new(_program, _inputs, Code, Seats, Read);

    /// <summary>Lets go of what leaves are made from: the root and the upper nodes stay, no leaf can be opened.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _machine.Dispose();
        }
    }

    // The hashes of a chunk's leaves; the last one asked for is kept.
    private byte[] Chunk(long chunk)
    {
        if (_opened.Chunk == chunk)
        {
            return _opened.Hashes;
        }

        int leaves = 1 << _tree.ChunkLevel;
        byte[] bytes = new byte[leaves * KeccakLanes.LeafBytes];
        long address = chunk * bytes.Length;
        int there = (int)Math.Clamp(Bytes - address, 0, bytes.Length);
        if (there > 0)
        {
            _machine.Read(address, there).CopyTo(bytes, 0);
        }

        byte[] hashes = new byte[leaves * WordBytes];
        KeccakLanes.HashLeaves(bytes, hashes);
        _opened = (chunk, hashes);
        return hashes;
    }
}
