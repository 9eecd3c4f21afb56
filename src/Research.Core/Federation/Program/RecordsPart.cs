using Research.Federation.Program.Layers;

namespace Research.Federation.Program;

/// <summary>Decodes the records that score, block by block.</summary>
internal sealed class RecordsPart
{
    private const int PerLeaf = Step.Leaf / 32; // A key has a leaf of its own.

    private readonly Step _words;
    private readonly Step _labels;
    private readonly Step _turned;
    private readonly ScoringNumbers _numbers;

    public RecordsPart(Draft draft, ScoringNumbers numbers)
    {
        _numbers = numbers;
        int block = numbers.Block;
        int words = numbers.Inputs + 1;
        int bytes = numbers.RecordBytes;
        Step opened = draft.Of(
            StepKind.Choice,
            draft.Root,
            "opened",
            2,
            [numbers.Blocks * block],
            null,
            new Operand { Tree = Tree.Chain, Width = 32 });
        Loop = draft.Loop(draft.Root, numbers.Blocks);
        _words = draft.Of(
            StepKind.Decode,
            Loop,
            "records",
            2,
            [block, words],
            opened.At(1, 0) with { Around = [(Loop, block)] },
            new Operand { Tree = Tree.Records, Width = 2, Strides = [bytes, 1], Around = [(Loop, (long)bytes * block)] },
            new Operand { Tree = Tree.Keys, Width = 32, Strides = [2 * PerLeaf, 0], Around = [(Loop, 2L * PerLeaf * block)] },
            bytes);
        _labels = draft.Sum(
            Loop, "labels", 2, [block], 1, _words.From(numbers.Inputs, words), low: 0, high: numbers.Classes - 1);
        _turned = draft.Copy(Loop, "records, turned", 2, [numbers.Inputs, block], _words.At(1, words));
    }

    /// <summary>Gets the loop over blocks.</summary>
    public Loop Loop { get; }

    /// <summary>Gets a block's inputs, for a reader in a loop over blocks.</summary>
    public Signal Inputs(Loop blocks) => new(
        _words.At(_numbers.Inputs + 1, 1) with { WalkAround = blocks }, _numbers.InputShape, _numbers.Fraction);

    /// <summary>Gets a block's inputs with records last, [D, B].</summary>
    public Operand Turned(Loop blocks) => _turned.At(_numbers.Block, 1) with { WalkAround = blocks };

    /// <summary>Gets a block's labels, [B].</summary>
    public Operand Labels(Loop blocks) => _labels.At(1) with { WalkAround = blocks };

    /// <summary>Gets 1 for each record of a block, 0 for the places that the last block leaves empty; null where it leaves
    /// none.</summary>
    public Operand? Present(Draft draft, Loop blocks)
    {
        int all = _numbers.Blocks * _numbers.Block;
        return all == _numbers.Records
            ? null
            : draft.Constants.Table("present", 2, () => Enumerable.Range(0, all).Select(i => i < _numbers.Records ? 1L : 0))
                with
            { Strides = [1], Around = [(blocks, _numbers.Block)] };
    }
}
