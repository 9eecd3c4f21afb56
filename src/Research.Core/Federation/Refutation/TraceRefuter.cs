using System.Numerics;
using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>Shows what is wrong with a claim, by a round's scoring as it was done here.</summary>
/// <remarks>
/// Everything left of the first difference is one's own, and a step reads only what lies before its output: so the first
/// wrong output of a trace is refuted by operands that one has. See contracts/PROTOCOL.md, section Refutation.
/// </remarks>
public sealed class TraceRefuter
{
    private const int BitsOfCoordinate = 32;

    private readonly RoundTrace _trace;
    private readonly StepReader _steps;
    private readonly InputTrees _inputs;
    private readonly OwnTrace _own;
    private readonly BytesTree _results;
    private readonly int _reveals;

    /// <summary>Prepares to refute claims of a round.</summary>
    /// <param name="score">The round as it was scored here; its trace must not be disposed of.</param>
    /// <param name="results">The leaves of its results, 128 bytes for each reveal.</param>
    /// <param name="isFinal">Tells of an earlier round whether it has a final claim.</param>
    public TraceRefuter(RoundScore score, ReadOnlyMemory<byte> results, Func<int, bool> isFinal)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(isFinal);
        _trace = score.Trace;
        _reveals = score.Participants.Count;
        if (results.Length != _reveals * KeccakLanes.LeafBytes)
        {
            throw new ArgumentException(
                $"Expected {_reveals * KeccakLanes.LeafBytes} bytes, a leaf for each reveal; got {results.Length}.",
                nameof(results));
        }

        _steps = _trace.Steps();
        _own = new OwnTrace(_trace);
        _results = new BytesTree(results);
        _inputs = new InputTrees(_trace.Inputs, _trace.Code, isFinal);
    }

    /// <summary>Gets the levels of a claim's tree above its leaves.</summary>
    public int Depth(ClaimTree tree) => TreeOf(tree).Depth;

    /// <summary>Begins a descent to the first leaf of a claimed tree that differs.</summary>
    /// <param name="tree">Which tree.</param>
    /// <param name="root">Its claimed root, which is not one's own.</param>
    public Descent Descend(ClaimTree tree, TreeHash root) => new(Depth(tree), root, TreeOf(tree).Node);

    /// <summary>Makes the data that opens a demanded node of a claim that says the same.</summary>
    /// <param name="tree">Which tree.</param>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="index">The node's number on its level of the tree.</param>
    public byte[] Answer(ClaimTree tree, int level, long index) =>
        Descent.Answer(Depth(tree), level, index, TreeOf(tree).Node, TreeOf(tree).Leaf);

    /// <summary>Refutes a claim with one's own trace that says another model, total or accuracy.</summary>
    /// <param name="modelRoot">The next model's root that it says.</param>
    /// <param name="total">The total that it says.</param>
    /// <param name="right">How many records it says that the next model predicts right.</param>
    /// <returns>The refutation; null where all of them are right.</returns>
    public FieldRefutation? RefuteFields(TreeHash modelRoot, ulong total, ulong right)
    {
        ResultField? wrong =
            modelRoot != new TreeHash(_trace.Read(_trace.ModelRootAddress, TreeHash.Size)) ? ResultField.ModelRoot
            : total != (ulong)_trace.ReadNumber(_trace.TotalAddress) ? ResultField.Total
            : right != (ulong)_trace.ReadNumber(_trace.Bytes - KeccakLanes.LeafBytes) ? ResultField.Right
            : null;
        return wrong is { } field ? OpenField(field) : null;
    }

    /// <summary>Opens an output that a claim repeats.</summary>
    internal FieldRefutation OpenField(ResultField field) => new(field, OpenLeaves.Of(_own, AddressOf(field), 1));

    /// <summary>Refutes a claim by the first leaf of one of its trees that differs.</summary>
    /// <param name="tree">Which tree; of the results, those of a claim with one's own trace.</param>
    /// <param name="shown">A descent that has the leaf.</param>
    /// <exception cref="ArgumentException">The leaf was not shown yet.</exception>
    public Refutation Refute(ClaimTree tree, Descent shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        if (shown.Leaf is not { } leaf)
        {
            throw new ArgumentException("Expected a descent whose leaf was shown.", nameof(shown));
        }

        ClaimedTree claimed = new(TreeOf(tree), shown);
        return tree == ClaimTree.Results ? OpenResult(claimed, leaf.Index) : RefuteTrace(claimed, leaf);
    }

    private ITree TreeOf(ClaimTree tree) => tree == ClaimTree.Results ? _results : _own;

    private long AddressOf(ResultField field) => field switch
    {
        ResultField.ModelRoot => _trace.ModelRootAddress,
        ResultField.Total => _trace.TotalAddress,
        _ => _trace.Bytes - KeccakLanes.LeafBytes,
    };

    /// <summary>Opens what a claim's results say of a reveal, or behind the last one.</summary>
    internal ResultRefutation OpenResult(ITree claimed, long index)
    {
        OpenLeaves result = OpenLeaves.Of(claimed, index * KeccakLanes.LeafBytes, 1);
        if (index >= _reveals)
        {
            return new ResultRefutation(result, null, null);
        }

        return new ResultRefutation(
            result,
            OpenLeaves.Of(_own, (_trace.Seats - 1 - index) * Step.Leaf, Step.Leaf),
            OpenLeaves.Of(_own, _trace.PointsAddress((int)index), sizeof(long)));
    }

    private Refutation RefuteTrace(ClaimedTree claimed, (long Index, byte[] Bytes) leaf)
    {
        int same = _own.Leaf(leaf.Index).AsSpan().CommonPrefixLength(leaf.Bytes);
        return Open(claimed, (leaf.Index * KeccakLanes.LeafBytes) + same);
    }

    /// <summary>Opens what lies at an address of a claimed trace: it refutes the claim where it is wrong.</summary>
    internal Refutation Open(ITree claimed, long address)
    {
        OpenLeaves output = OpenLeaves.Of(claimed, address, 1);
        if (address >= _trace.Bytes)
        {
            return new EndRefutation(output);
        }

        StepPlace place = _steps.Find(address);
        RecordProof record = _inputs.Record(place.Number);
        BigInteger at = At(place.Coordinates);
        return place.IsPadding
            ? new PaddingRefutation(record, at, output)
            : new StepRefutation(record, at, output, Inputs(place, claimed), place.Output);
    }

    private List<OpenLeaves> Inputs(StepPlace place, ITree claimed)
    {
        List<OpenLeaves> opened = [];
        foreach (StepRead? one in _steps.ReadsOf(place))
        {
            if (one is not { } read)
            {
                continue;
            }

            if (read.Tree == Tree.Trace)
            {
                opened.Add(OpenLeaves.Of(claimed, read.Address, read.Count));
            }
            else if (read.Tree >= Tree.Updates)
            {
                int seat = read.Tree - Tree.Updates;
                if (_inputs.Update(seat) is { } update && read.Address < Capacity(update))
                {
                    opened.Add(OpenLeaves.Of(claimed, (long)seat * Step.Leaf, Step.Leaf)); // The trace begins with them.
                    opened.Add(OpenLeaves.Of(update, read.Address, read.Count));
                }
            }
            else if (_inputs.Find(read.Tree) is { } input && read.Address < Capacity(input.Tree))
            {
                OpenLeaves leaves = OpenLeaves.Of(input.Tree, read.Address, read.Count);
                opened.Add(input.Beside is { } beside ? leaves with { Siblings = [.. leaves.Siblings, beside] } : leaves);
            }
        }

        return opened;
    }

    private static long Capacity(BytesTree tree) => (long)KeccakLanes.LeafBytes << tree.Depth;

    private static BigInteger At(long[] coordinates)
    {
        BigInteger at = 0;
        for (int i = 0; i < coordinates.Length; i++)
        {
            at |= (BigInteger)coordinates[i] << (BitsOfCoordinate * i);
        }

        return at;
    }
}
