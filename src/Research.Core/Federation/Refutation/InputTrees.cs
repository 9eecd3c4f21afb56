using System.Runtime.InteropServices;
using Research.Federation.Program;
using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>The trees that a round's program reads, to open parts of; each is made when it is first asked for.</summary>
/// <param name="inputs">What the program reads.</param>
/// <param name="code">The program.</param>
/// <param name="isFinal">Tells of an earlier round whether it has a final claim.</param>
internal sealed class InputTrees(ProgramInputs inputs, ProgramCode code, Func<int, bool> isFinal)
{
    private const int RecordLevel = 3; // A record has eight leaves.

    private readonly Dictionary<int, BytesTree> _trees = [];
    private readonly Lazy<BytesTree> _code = new(() => new BytesTree(code.Bytes));

    /// <summary>Opens a record of the program.</summary>
    public RecordProof Record(int number)
    {
        ReadOnlySpan<byte> bytes = code.Bytes.AsSpan(number * ProgramRecord.Bytes, ProgramRecord.Bytes);
        ReadOnlySpan<TreeHash> words = MemoryMarshal.Cast<byte, TreeHash>(bytes);
        uint mask = 0;
        List<TreeHash> kept = [];
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] != default)
            {
                mask |= 1u << i;
                kept.Add(words[i]);
            }
        }

        BytesTree tree = _code.Value;
        TreeHash[] siblings = new TreeHash[tree.Depth - RecordLevel];
        for (int i = 0; i < siblings.Length; i++)
        {
            siblings[i] = tree.Node(RecordLevel + i, (number >> i) ^ 1);
        }

        return new RecordProof(number, mask, kept, siblings);
    }

    /// <summary>Gets an input's tree, and what stands beside it under one root; null where the chain has the bytes, or says
    /// that they are zeros.</summary>
    public (BytesTree Tree, TreeHash? Beside)? Find(int tree)
    {
        switch (tree)
        {
            case Tree.Chain:
                return null;
            case Tree.Constants:
                return (Made(tree, () => code.Constants), null);
            case Tree.Records:
                return (Made(tree, inputs.Records.ToArray), null);
            case Tree.Keys:
                return (Made(tree, inputs.KeyLeaves), null);
            case Tree.Model:
                int last = inputs.PastSteps.Count - 1;
                while (last >= 0 && !isFinal(last))
                {
                    last--;
                }

                return (Weights(inputs.PastSteps.Count), last < 0 ? ZeroDirection() : Direction(last).Node(Direction(last).Depth, 0));
            default:
                int round = tree - Tree.PastSteps;
                if (!isFinal(round))
                {
                    return null;
                }

                BytesTree weights = Weights(round + 1);
                return (Direction(round), weights.Node(weights.Depth, 0));
        }
    }

    /// <summary>Gets a seat's update; null where the chain says that it is zeros.</summary>
    public BytesTree? Update(int seat)
    {
        ReadOnlyMemory<int> update = inputs.UpdateOf(seat);
        return update.IsEmpty ? null : Made(Tree.Updates + seat, () => ProgramInputs.ToBytes(update.Span));
    }

    // The weights that a round starts from.
    private BytesTree Weights(int round) =>
        Made(-1 - round, () => ProgramInputs.ToBytes((round == inputs.PastSteps.Count ? inputs.Model : inputs.PastModels[round]).Span));

    private BytesTree Direction(int round) =>
        Made(Tree.PastSteps + round, () => ProgramInputs.ToBytes(inputs.PastSteps[round].Span));

    private TreeHash ZeroDirection() =>
        LeafTree.ZeroRoot(LeafTree.Depth(LeafTree.Leaves((long)inputs.Model.Length * sizeof(short))));

    private BytesTree Made(int name, Func<byte[]> bytes)
    {
        if (!_trees.TryGetValue(name, out BytesTree? tree))
        {
            tree = new BytesTree(bytes());
            _trees.Add(name, tree);
        }

        return tree;
    }
}
