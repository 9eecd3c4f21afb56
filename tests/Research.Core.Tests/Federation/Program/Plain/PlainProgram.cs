using System.Buffers.Binary;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;
using Research.Training;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>The program of a round, written from contracts/SCORING.md alone.</summary>
internal sealed partial class PlainProgram
{
    private const uint Model = 2;
    private const uint Ciphertexts = 3;
    private const uint Keys = 4;
    private const uint Chain = 5;
    private const uint Directions = 65536;
    private const uint Updates = 131072;
    private const int IndexInEntry = 24;
    private const int BlockInEntry = 120; // Its last 8 bytes of 32.

    private readonly PlainNumbers _n;
    private readonly PlainDraft _draft;
    private readonly List<(int Length, (int G, int Rows, int Columns)? Turn)> _tensors;
    private readonly int[] _offsets;
    private readonly int _p;
    private readonly int _k; // Of the section "Numbers".
    private readonly int _classes;

    // Section 1.
    private readonly PlainArray _entries = new(128);
    private readonly PlainArray _x = new(2);
    private readonly PlainArray _y = new(2);
    private readonly PlainArray _turnedX = new(2);
    private PlainLoop _blocks = new(0);

    // Sections 2 to 6.
    private PlainLoop _runs = new(0);
    private PlainArray _change = new(4);
    private PlainArray _q = new(2);
    private PlainArray _turnedQ = new(2);
    private PlainArray _qq = new(8);
    private PlainArray _r = new(2);
    private PlainArray _rr = new(8);
    private PlainArray _rl = new(8);

    private PlainProgram(ModelSpec spec, int round)
    {
        _n = new PlainNumbers(spec, round);
        _draft = new PlainDraft(_n.Seed);
        _tensors = PlainNetwork.Tensors(spec.Model.Layers, _n.Shape);
        _offsets = new int[_tensors.Count];
        for (int m = 0; m < _tensors.Count; m++)
        {
            _offsets[m] = _p;
            _p += _tensors[m].Length;
        }

        _k = PlainNumbers.LengthShift(_p);
        PlainDraft scratch = new(_n.Seed);
        PlainArray[] none = [.. _tensors.Select(_ => new PlainArray(2))];
        _classes = new PlainNetwork(scratch, _n.B, none, none).Forward(spec.Model.Layers, Input(_x.At())).Size;
        Write();
        Records = [.. _draft.Records];
        RecordBytes = [.. Records.SelectMany(record => record.ToBytes())];
        Constants = _draft.Constants.ToBytes();
        RecordsRoot = LeafTree.Root(RecordBytes);
        ConstantsRoot = LeafTree.Root(Constants);
        Layout = WriteLayout();
        Root = new TreeHash(PlainRecords.Keccak([.. RecordsRoot.ToArray(), .. ConstantsRoot.ToArray(), .. Layout]));
    }

    public IReadOnlyList<PlainRecord> Records { get; }

    public byte[] RecordBytes { get; }

    public byte[] Constants { get; }

    public TreeHash RecordsRoot { get; }

    public TreeHash ConstantsRoot { get; }

    /// <summary>Gets the layout, 32 bytes.</summary>
    public byte[] Layout { get; }

    public TreeHash Root { get; }

    /// <summary>Gets where the next model lies.</summary>
    public PlainArray Next { get; private set; } = new(4);

    /// <summary>Gets where the direction lies in which it moved.</summary>
    public PlainArray Moved { get; private set; } = new(2);

    public PlainArray NextRoot { get; private set; } = new(32);

    public PlainArray MovedRoot { get; private set; } = new(32);

    public PlainArray ModelRoot { get; private set; } = new(32);

    public PlainNumbers Numbers => _n;

    public int Parameters => _p;

    /// <summary>Gets where the changes of the reference runs lie, and how far one run is from the next.</summary>
    public (PlainPolynomial Start, long Stride) ChangePlace => (_change.Start, _runs.Stride!.Value.C);

    public static PlainProgram Of(ModelSpec spec, int round) => new(spec, round);

    private static PlainOperand Number(long value) => PlainOperand.Number(value);

    private PlainSignal Input(PlainOperand from) =>
        new(from, _n.D, _n.D + 1, _n.Fraction, false, true, _n.Shape);

    // The verbs of the text, section by section.
    private void Write()
    {
        _draft.Section = "1. Roster and records";
        WriteRoster();
        WriteRecords();
        _draft.Section = "2. Reference runs";
        WriteRuns();
        _draft.Section = "3. The direction";
        Cap cap = WriteDirection();
        _draft.Section = "4. Each update";
        Seat seat = WriteUpdates(cap);
        _draft.Section = "5. Each update beside the others";
        WritePoints(seat);
        _draft.Section = "6. Total and next model";
        PlainArray total = WriteNext(seat);
        _draft.Section = "7. Loss and accuracy";
        (PlainArray Loss, PlainArray Right) before = WriteQuality(PlainOperand.Input(Model, 4));
        (PlainArray Loss, PlainArray Right) after = WriteQuality(Next.At());
        _draft.Section = "8. Results";
        NextRoot = WriteRoot(Next, _p);
        MovedRoot = WriteRoot(Moved, _p);
        ModelRoot = _draft.Add(PlainKind.Hash, 32, [1], NextRoot.At(), MovedRoot.At(), length: 64);
        _draft.LongSum(8, [PlainLoop.Seats], seat.Points.At().Run(seat.PointsLoop!, 0));
        foreach (PlainArray result in new[] { total, before.Loss, after.Loss, before.Right, after.Right })
        {
            _draft.LongSum(8, [1], result.At());
        }
    }

    private static byte Levels(long bytes)
    {
        byte levels = 0;
        while (128L << levels < bytes)
        {
            levels++;
        }

        return levels;
    }

    private byte[] WriteLayout()
    {
        byte[] layout = new byte[32];
        BinaryPrimitives.WriteInt64BigEndian(layout, _draft.End.C);
        BinaryPrimitives.WriteInt64BigEndian(layout.AsSpan(8), _draft.End.Q);
        BinaryPrimitives.WriteInt64BigEndian(layout.AsSpan(16), _draft.End.R);
        layout[24] = Levels(Constants.Length);
        layout[25] = Levels(4L * _p);
        layout[26] = Levels(2L * _p);
        layout[27] = Levels(2L * _n.R * _n.RecordBytes);
        layout[28] = Levels(2L * _n.R * 128);
        return layout;
    }

    private static PlainOperand Indices(int count, int width) =>
        PlainOperand.Table([.. Enumerable.Range(0, count).Select(i => (long)i)], width);

    private (PlainArray At, PlainArray P) WriteLoss(PlainSignal z)
    {
        int b = _n.B;
        int c = z.Size;
        PlainArray at = _draft.Add(PlainKind.Largest, 2, [b], z.Row0(), length: c);
        PlainArray top = _draft.Add(PlainKind.Gather, 2, [b], at.At().Along(0, 1), z.Row0(), length: c);
        int left = Math.Max(0, 10 - z.Places);
        PlainArray low = _draft.Add(
            PlainKind.Mac,
            2,
            [b, c],
            top.At().Along(0, 1),
            Number(-(1L << left)),
            z.Row0().Along(1, 1),
            t: left,
            s: Math.Max(0, z.Places - 10));
        long[] table = PlainFunctions.Table(16385, j => 32767 * Math.Exp((j - 16384) / 1024.0), true);
        PlainArray ex = _draft.Add(
            PlainKind.Table,
            2,
            [b, c],
            low.At().Along(0, c).Along(1, 1),
            PlainOperand.Table(table, 2),
            Number(16384),
            length: table.Length);
        PlainArray sum = _draft.LongSum(4, [b], ex.At().Along(0, c), length: c);
        PlainArray p = _draft.Add(
            PlainKind.Ratio,
            2,
            [b, c],
            ex.At().Along(0, c).Along(1, 1),
            sum.At().Along(0, 1),
            Number(1),
            length: 0,
            t: 15);
        return (at, p);
    }

    private sealed record Cap(PlainArray Most, PlainArray Points, PlainArray Pays, PlainArray Alike);

    private sealed record Measured(PlainArray Along, PlainArray Signal, PlainArray Length);

    private sealed class Seat
    {
        public PlainLoop? Loop { get; set; }

        public PlainLoop? PointsLoop { get; set; }

        public PlainArray U { get; set; } = new(2);

        public PlainArray Work { get; set; } = new(2);

        public PlainArray Weight { get; set; } = new(8);

        public PlainArray Energy { get; set; } = new(8);

        public PlainArray Stands { get; set; } = new(8);

        public PlainArray Key { get; set; } = new(8);

        public PlainArray Limit { get; set; } = new(8);

        public PlainArray Alone { get; set; } = new(8);

        public PlainArray Points { get; set; } = new(8);
    }
}
