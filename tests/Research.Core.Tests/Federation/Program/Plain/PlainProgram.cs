using System.Numerics;
using Research.Federation.Trace;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>The program of a round, written from contracts/SCORING.md alone.</summary>
internal sealed class PlainProgram
{
    private const uint Model = 2;
    private const uint Ciphertexts = 3;
    private const uint Keys = 4;
    private const uint Facts = 5;
    private const uint Directions = 65536;
    private const uint Updates = 131072;

    private readonly PlainNumbers _n;
    private readonly PlainDraft _draft;
    private readonly List<(int Length, (int G, int Rows, int Columns)? Turn)> _tensors;
    private readonly int[] _offsets;
    private readonly int _p;
    private readonly int _k; // Of the section "Numbers".
    private readonly int _classes;

    // Section 1.
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
        byte[] pair = new byte[64];
        RecordsRoot.CopyTo(pair);
        ConstantsRoot.CopyTo(pair.AsSpan(32));
        byte[] root = new byte[32];
        KeccakLanes.HashPairs(pair, root);
        Root = new TreeHash(root);
    }

    public IReadOnlyList<PlainRecord> Records { get; }

    public byte[] RecordBytes { get; }

    public byte[] Constants { get; }

    public TreeHash RecordsRoot { get; }

    public TreeHash ConstantsRoot { get; }

    public TreeHash Root { get; }

    /// <summary>Gets where the next model lies.</summary>
    public PlainArray Next { get; private set; } = new(4);

    /// <summary>Gets where the direction lies in which it moved.</summary>
    public PlainArray Moved { get; private set; } = new(2);

    public PlainArray NextRoot { get; private set; } = new(32);

    public PlainArray MovedRoot { get; private set; } = new(32);

    public PlainNumbers Numbers => _n;

    public int Parameters => _p;

    /// <summary>Gets where the changes of the reference runs lie, and how far one run is from the next.</summary>
    public (long Start, long Stride) ChangePlace => (_change.Start.C, _runs.Stride!.Value.C);

    public static PlainProgram Of(ModelSpec spec, int round) => new(spec, round);

    private static PlainOperand Number(long value) => PlainOperand.Number(value);

    private PlainSignal Input(PlainOperand from) =>
        new(from, _n.D, _n.D + 1, _n.Fraction, false, true, _n.Shape);

    // The verbs of the text, section by section.
    private void Write()
    {
        _draft.Section = "1. Records";
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
        _draft.LongSum(8, [PlainLoop.Seats], seat.Points.At().Run(seat.PointsLoop!, 0));
        foreach (PlainArray result in new[] { total, before.Loss, after.Loss, before.Right, after.Right })
        {
            _draft.LongSum(8, [1], result.At());
        }
    }

    private void WriteRecords()
    {
        int bytes = _n.RecordBytes;
        _blocks = _draft.For(_n.Blocks, block =>
        {
            _draft.Add(
                PlainKind.Decode,
                2,
                [_n.B, _n.D + 1],
                PlainOperand.Input(Facts, 2).Along(block, 2L * _n.B).Along(0, 1),
                PlainOperand.Input(Ciphertexts, 2).Along(block, 2L * bytes * _n.B).Along(0, bytes).Along(1, 1),
                PlainOperand.Input(Keys, 32).Along(block, 256L * _n.B).Along(0, 8),
                length: bytes,
                output: _x);
            _draft.LongSum(2, [_n.B], _x.At(_n.D).Along(0, _n.D + 1), low: 0, high: _classes - 1, output: _y);
            _draft.LongSum(2, [_n.D, _n.B], _x.At().Along(0, 1).Along(1, _n.D + 1), output: _turnedX);
        });
    }

    private void WriteRuns()
    {
        int count = _tensors.Count;
        _runs = _draft.For(_n.K + 1, run =>
        {
            PlainArray[] w0 = new PlainArray[count];
            PlainArray[] w = [.. _tensors.Select(_ => new PlainArray(4))];
            PlainArray[] v = [.. _tensors.Select(_ => new PlainArray(4))];
            PlainArray[] a = [.. _tensors.Select(_ => new PlainArray(4))];
            for (int m = 0; m < count; m++)
            {
                w0[m] = _draft.Add(
                    PlainKind.Mac,
                    4,
                    [_tensors[m].Length],
                    PlainOperand.Input(Model, 4, 4L * _offsets[m]).Along(0, 1),
                    Number(16));
            }

            _draft.For(_n.T, step => WriteStep(run, step, w0, w, v, a));
            PlainArray[] d = new PlainArray[count];
            for (int m = 0; m < count; m++)
            {
                PlainArray trained = _n.Spec.Training.AverageDecay is null ? w[m] : a[m];
                d[m] = _draft.Add(
                    PlainKind.Mac,
                    4,
                    [_tensors[m].Length],
                    w0[m].At().Along(0, 1),
                    Number(-1),
                    trained.At().Along(0, 1));
            }

            List<long> places = [];
            long begin = 0;
            foreach ((int length, _) in _tensors)
            {
                places.AddRange(Enumerable.Range(0, length).Select(i => begin + i));
                begin += (length + 31) / 32 * 32;
            }

            _change = _draft.Add(
                PlainKind.Gather, 4, [_p], PlainOperand.Table([.. places], 4).Along(0, 1), d[0].At(), length: begin);
        });
    }

    private void WriteStep(PlainLoop run, PlainLoop step, PlainArray[] w0, PlainArray[] w, PlainArray[] v, PlainArray[] a)
    {
        PlainOperand Before(PlainArray array, int m) =>
            array.At().Along(0, 1).Prev(step, w0[m].At());

        int count = _tensors.Count;
        PlainArray[] h = new PlainArray[count];
        for (int m = 0; m < count; m++)
        {
            h[m] = _draft.LongSum(2, [_tensors[m].Length], Before(w[m], m), s: 8);
        }

        PlainArray?[] turned = new PlainArray?[count];
        for (int m = 1; m < count; m++)
        {
            if (_tensors[m].Turn is var (g, rows, columns))
            {
                turned[m] = _draft.LongSum(
                    2, [g, columns, rows], h[m].At().Along(0, rows * columns).Along(1, 1).Along(2, columns));
            }
        }

        PlainArray[] sums = [.. _tensors.Select(_ => new PlainArray(8))];
        int[] places = new int[count];
        _draft.For(_n.Blocks, block => WriteBlock(run, block, h, turned, sums, places));

        double largest = Enumerable.Range(1, _n.T).Max(_n.Rate);
        int loudPlaces = PlainNumbers.Exponent(_n.Loud / 4 * 1048576);
        long[] louds =
        [
            .. Enumerable.Repeat(PlainNumbers.Places(_n.Loud / 4 * 1048576, loudPlaces), _n.K),
            0,
        ];
        int scalePlaces = PlainNumbers.Exponent(_n.Noisy);
        long[] scales =
        [
            .. Enumerable.Repeat(PlainNumbers.Places(_n.Noisy, scalePlaces), _n.K),
            PlainNumbers.Places(_n.Silent, scalePlaces),
        ];
        int ratePlaces = PlainNumbers.Exponent(largest);
        long[] rates = [.. Enumerable.Range(1, _n.T).Select(i => -PlainNumbers.Places(_n.Rate(i), ratePlaces))];
        Sgd sgd = (Sgd)_n.Spec.Optimizer;
        for (int m = 0; m < count; m++)
        {
            int[] own = [_tensors[m].Length];
            PlainOperand seed = PlainOperand.Input(1, 32);
            PlainArray noise = _draft.Add(PlainKind.Noise, 2, own, seed, seed);
            PlainArray loud = _draft.Add(
                PlainKind.Mac,
                4,
                own,
                noise.At().Along(0, 1),
                PlainOperand.Table(louds, 4).Along(run, 4),
                s: loudPlaces);
            int shift = Math.Max(0, scalePlaces + places[m] - 20);
            PlainArray g = _draft.Add(
                PlainKind.Mac,
                4,
                own,
                sums[m].At().Along(0, 1),
                PlainOperand.Table(scales, 4).Along(run, 4),
                loud.At().Along(0, 1),
                t: shift,
                s: shift);
            if (sgd.WeightDecay > 0)
            {
                g = _draft.Add(
                    PlainKind.Mac,
                    4,
                    own,
                    Before(w[m], m),
                    Number(PlainNumbers.Places(sgd.WeightDecay, 22)),
                    g.At().Along(0, 1),
                    t: 22,
                    s: 22);
            }

            PlainArray direction = g;
            if (sgd.Momentum > 0)
            {
                long momentum = PlainNumbers.Places(sgd.Momentum, 30);
                direction = _draft.Add(
                    PlainKind.Mac,
                    4,
                    own,
                    v[m].At().Along(0, 1).Prev(step),
                    Number(momentum),
                    g.At().Along(0, 1),
                    t: 30,
                    s: 30,
                    output: v[m]);
                if (sgd.Nesterov)
                {
                    direction = _draft.Add(
                        PlainKind.Mac,
                        4,
                        own,
                        v[m].At().Along(0, 1),
                        Number(momentum),
                        g.At().Along(0, 1),
                        t: 30,
                        s: 30);
                }
            }

            _draft.Add(
                PlainKind.Mac,
                4,
                own,
                direction.At().Along(0, 1),
                PlainOperand.Table(rates, 4).Along(step, 4),
                Before(w[m], m),
                t: ratePlaces,
                s: ratePlaces,
                output: w[m]);
            if (_n.Spec.Training.AverageDecay is { } decay)
            {
                long kept = PlainNumbers.Places(decay, 30);
                PlainArray old = _draft.Add(PlainKind.Mac, 8, own, Before(a[m], m), Number(kept));
                _draft.Add(
                    PlainKind.Mac,
                    4,
                    own,
                    w[m].At().Along(0, 1),
                    Number((1L << 30) - kept),
                    old.At().Along(0, 1),
                    s: 30,
                    output: a[m]);
            }
        }
    }

    private void WriteBlock(
        PlainLoop run,
        PlainLoop block,
        PlainArray[] h,
        PlainArray?[] turned,
        PlainArray[] sums,
        int[] places)
    {
        int b = _n.B;
        PlainNetwork network = new(_draft, b, h, turned);
        PlainSignal scores = network.Forward(_n.Spec.Model.Layers, Input(_x.At().Run(_blocks, block)));
        (_, PlainArray p) = WriteLoss(scores);
        int c = scores.Size;
        PlainArray target = _draft.Add(
            PlainKind.Match,
            2,
            [b, c],
            _y.At().Run(_blocks, block).Along(0, 1),
            Indices(c, 2).Along(1, 1),
            Number(32767));
        PlainArray delta = _draft.Add(
            PlainKind.Mac,
            2,
            [b, c],
            target.At().Along(0, c).Along(1, 1),
            Number(-1),
            p.At().Along(0, c).Along(1, 1),
            s: 2);
        network.Back(delta);

        PlainArray? q = null;
        foreach (PlainGradient gradient in network.Gradients)
        {
            int l = gradient.Size;
            PlainOperand row = gradient.Delta.At().Along(0, l);
            if (gradient.Input is { } x)
            {
                int f = x.Places;
                PlainArray xx = _draft.LongDot(8, [b], x.Row0(), x.Row0(), Number(1L << (2 * f)), x.Size);
                PlainArray dd = _draft.LongDot(8, [b], row, row, null, l);
                q = _draft.Add(
                    PlainKind.Mac,
                    8,
                    [b],
                    xx.At().Along(0, 1),
                    dd.At().Along(0, 1),
                    q?.At().Along(0, 1),
                    t: (2 * f) + 2,
                    s: (2 * f) + 2);
            }
            else
            {
                PlainArray gg = _draft.LongDot(8, [b], row, row, null, l);
                q = _draft.Add(
                    PlainKind.Mac, 8, [b], gg.At().Along(0, 1), Number(4), q?.At().Along(0, 1));
            }
        }

        PlainArray norm = _draft.Add(PlainKind.Root, 8, [b], q!.At().Along(0, 1));
        PlainArray length = _n.Spec.Privacy!.Clipping switch
        {
            ClippingMode.Flat => _draft.LongSum(
                8, [b], norm.At().Along(0, 1), low: PlainNumbers.Places(_n.Spec.Privacy.ClipNorm, 12)),
            ClippingMode.Automatic => _draft.LongSum(
                8, [b], norm.At().Along(0, 1), Number(PlainNumbers.Places(0.01, 12))),
            _ => throw new NotSupportedException(),
        };
        PlainArray rate = _draft.Add(
            PlainKind.Ratio, 4, [b], Number(1), length.At().Along(0, 1), Number(1), length: 0, t: 28);
        long[] thresholds = [.. Enumerable.Repeat(PlainNumbers.Places(_n.Share, 16), _n.K), 65536];
        PlainArray coin = _draft.Add(
            PlainKind.Coin, 2, [b], PlainOperand.Table(thresholds, 4).Along(run, 4), PlainOperand.Input(1, 32));
        PlainArray taken = _draft.Add(
            PlainKind.Select, 4, [b], coin.At().Along(0, 1), rate.At().Along(0, 1), Number(0));
        taken = Present(taken, block);
        WriteSums(block, network.Gradients, taken, sums, places);
    }

    private void WriteSums(
        PlainLoop block, List<PlainGradient> gradients, PlainArray taken, PlainArray[] sums, int[] places)
    {
        int b = _n.B;
        foreach (PlainGradient gradient in gradients)
        {
            int l = gradient.Size;
            int m = gradient.Tensor;
            PlainArray clip = _draft.Add(
                PlainKind.Mac,
                2,
                [l, b],
                gradient.Delta.At().Along(0, 1).Along(1, l),
                taken.At().Along(1, 1),
                s: gradient.Input is null ? 13 : 15);
            if (gradient.Input is not { } x)
            {
                Total(m);
                continue;
            }

            int v = x.Size;
            PlainOperand turn = x.Input
                ? _turnedX.At().Run(_blocks, block)
                : _draft.LongSum(2, [v, b], x.From.Along(0, 1).Along(1, x.Row)).At();
            _draft.LongDot(
                8,
                [l, v],
                clip.At().Along(0, b),
                turn.Along(1, b),
                sums[m].At().Along(0, v).Along(1, 1).Prev(block),
                b,
                output: sums[m]);
            places[m] = 14 + x.Places;
            Total(m + 1);

            void Total(int tensor)
            {
                places[tensor] = 14;
                _draft.LongSum(
                    8,
                    [l],
                    clip.At().Along(0, b),
                    sums[tensor].At().Along(0, 1).Prev(block),
                    b,
                    output: sums[tensor]);
            }
        }
    }

    // What stands for a record at a place that has one, else 0.
    private PlainArray Present(PlainArray array, PlainLoop block)
    {
        int all = _n.Blocks * _n.B;
        if (all == _n.R)
        {
            return array;
        }

        long[] present = [.. Enumerable.Repeat(1L, _n.R), .. Enumerable.Repeat(0L, all - _n.R)];
        return _draft.Add(
            PlainKind.Select,
            array.Width,
            [_n.B],
            PlainOperand.Table(present, 2).Along(block, 2L * _n.B).Along(0, 1),
            array.At().Along(0, 1),
            Number(0));
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

    private PlainArray Beside(PlainArray v)
    {
        int t = _n.Round;
        if (t == 0)
        {
            return v;
        }

        PlainArray al = _draft.LongDot(8, [t], v.At(), _q.At().Along(0, _p), null, _p);
        PlainArray pa = _draft.Add(
            PlainKind.Ratio, 2, [t], al.At().Along(0, 1), _qq.At().Along(0, 1), Number(-1), t: 9);
        return _draft.LongDot(2, [_p], pa.At(), _turnedQ.At().Along(0, t), v.At().Along(0, 1), t, t: 9, s: 9);
    }

    private PlainArray Unit(PlainOperand x)
    {
        PlainArray squares = _draft.Add(PlainKind.Mac, 8, [_p], x.Along(0, 1), x.Along(0, 1), s: 8);
        PlainArray sum = _draft.LongSum(8, [1], squares.At(), length: _p);
        PlainArray root = _draft.Add(PlainKind.Root, 8, [1], sum.At());
        PlainArray inverse = _draft.Add(
            PlainKind.Ratio, 8, [1], Number(1), root.At(), Number(1), length: 0, t: 40);
        PlainArray u = _draft.Add(PlainKind.Mac, 2, [_p], x.Along(0, 1), inverse.At(), s: 44 - _k);
        if (_n.Round == 0)
        {
            return u;
        }

        PlainArray beside = Beside(u);
        PlainArray square = _draft.LongDot(8, [1], beside.At(), beside.At(), null, _p);
        PlainArray length = _draft.Add(PlainKind.Root, 8, [1], square.At());
        PlainArray again = _draft.Add(
            PlainKind.Ratio, 4, [1], Number(1), length.At(), Number(1), length: 0, t: _k + 20);
        return _draft.Add(PlainKind.Mac, 2, [_p], beside.At().Along(0, 1), again.At(), s: 20);
    }

    private Measured Measure(PlainArray u)
    {
        PlainArray along = _draft.LongDot(8, [1], u.At(), _r.At(), null, _p);
        PlainArray signal = _draft.Add(
            PlainKind.Ratio, 8, [1], along.At(), _rl.At(), Number(1), length: 0, t: 8);
        PlainArray energy = _draft.LongDot(8, [1], u.At(), u.At(), null, _p);
        return new Measured(along, signal, _draft.Add(PlainKind.Root, 8, [1], energy.At()));
    }

    private Cap WriteDirection()
    {
        int t = _n.Round;
        if (t > 0)
        {
            PlainOperand past = PlainOperand.Input(Directions, 2) with { TreeOwn = 0 };
            _q = _draft.LongSum(2, [t, _p], past.Along(1, 1));
            _turnedQ = _draft.LongSum(2, [_p, t], _q.At().Along(0, 1).Along(1, _p));
            _qq = _draft.LongDot(8, [t], _q.At().Along(0, _p), _q.At().Along(0, _p), null, _p);
        }

        _r = Unit(_change.At());
        _rr = _draft.LongDot(8, [1], _r.At(), _r.At(), null, _p);
        _rl = _draft.Add(PlainKind.Root, 8, [1], _rr.At());

        PlainArray sum = new(8);
        PlainArray longest = new(8);
        _draft.For(_n.K, i =>
        {
            PlainArray u = _draft.Add(
                PlainKind.Mac,
                2,
                [_p],
                _change.At().Run(_runs, i).Along(0, 1),
                Number(1L << Math.Max(0, _n.E - 4)),
                s: Math.Max(0, 4 - _n.E));
            Measured measured = Measure(u);
            _draft.LongSum(8, [1], measured.Signal.At(), sum.At().Prev(i), output: sum);
            PlainArray longer = _draft.Add(
                PlainKind.Less, 8, [1], longest.At().Prev(i), measured.Length.At());
            _draft.Add(
                PlainKind.Select,
                8,
                [1],
                longer.At(),
                measured.Length.At(),
                longest.At().Prev(i),
                output: longest);
        });
        PlainArray mean = _draft.Add(
            PlainKind.Ratio, 8, [1], sum.At(), Number(_n.K), Number(1), length: 0);
        PlainArray most = _draft.LongSum(8, [1], longest.At());
        PlainArray cap = _draft.LongSum(8, [1], mean.At(), Number(_n.Above));
        PlainArray pays = _draft.Add(PlainKind.Less, 8, [1], Number(_n.Unpaid), mean.At());
        return new Cap(most, cap, pays);
    }

    private Seat WriteUpdates(Cap cap)
    {
        long degrees = _p - 1 - _n.Round;
        double least = PlainNumbers.Least(degrees);
        long energyLeast = (long)Math.Floor(_n.Spec.Task!.Reward.NoiseFloor * _n.D16 * _n.D16 * least);
        long expected = (long)Math.Floor(_n.D16 * _n.D16 * degrees);
        Seat seat = new();
        seat.Loop = _draft.For(PlainLoop.Seats, i =>
        {
            PlainArray One(
                PlainKind kind,
                PlainOperand? a,
                PlainOperand? b = null,
                PlainOperand? c = null,
                int length = 1,
                int t = 0,
                int width = 8,
                long? low = null,
                long? high = null) => _draft.Add(kind, width, [1], a, b, c, length, t, 0, low, high);

            PlainOperand update = PlainOperand.Input(Updates, 4) with { TreeAround = i };
            PlainArray u = _draft.Add(
                PlainKind.Mac,
                2,
                [_p],
                update.Along(0, 1),
                Number(1L << Math.Max(0, _n.E)),
                s: Math.Max(0, -_n.E));
            Measured measured = Measure(u);
            PlainOperand ln = measured.Length.At();
            PlainArray part = One(PlainKind.Ratio, measured.Along.At(), _rr.At(), Number(-1), t: 9, width: 2);
            PlainArray b1 = _draft.Add(
                PlainKind.Mac, 2, [_p], _r.At().Along(0, 1), part.At(), u.At().Along(0, 1), t: 9, s: 9);
            PlainArray b2 = Beside(b1);
            PlainArray be = _draft.LongDot(8, [1], b2.At(), b2.At(), null, _p);
            PlainArray bl = One(PlainKind.Root, be.At());
            PlainArray iv = One(PlainKind.Ratio, Number(1), bl.At(), Number(1), 0, _k + 20, width: 4);
            seat.Work = _draft.Add(PlainKind.Mac, 2, [_p], b2.At().Along(0, 1), iv.At(), s: 20);
            PlainArray longer = One(PlainKind.Less, cap.Most.At(), ln);
            PlainArray count = One(PlainKind.Select, longer.At(), cap.Most.At(), ln);
            seat.Weight = One(PlainKind.Ratio, count.At(), ln, Number(1), 0, 14);
            PlainArray signal = One(PlainKind.Ratio, measured.Signal.At(), ln, count.At(), 0);
            PlainArray energy1 = One(PlainKind.Ratio, be.At(), ln, count.At(), 0);
            PlainArray energy = One(PlainKind.Ratio, energy1.At(), ln, count.At(), 0);
            PlainArray noisy = One(PlainKind.Less, Number(energyLeast - 1), energy.At());
            PlainArray compared = _draft.LongSum(8, [1], energy.At(), low: expected);
            PlainArray square = One(
                PlainKind.Ratio,
                compared.At(),
                Number(degrees * 1000000),
                Number(_n.Significance * _n.Significance),
                0,
                16);
            PlainArray threshold = One(PlainKind.Root, square.At());
            PlainArray significant = One(PlainKind.Less, threshold.At(), signal.At());
            PlainArray both = One(PlainKind.Match, significant.At(), Number(1), noisy.At());
            seat.Stands = One(PlainKind.Match, cap.Pays.At(), Number(1), both.At());
            PlainOperand order = PlainOperand.Input(Facts, 8, _n.FactsHead).Along(i, 16);
            seat.Key = One(PlainKind.Select, seat.Stands.At(), order, Number(long.MaxValue));
            PlainArray over = _draft.LongSum(8, [1], signal.At(), Number(-_n.Unpaid));
            PlainArray span = _draft.LongSum(8, [1], cap.Points.At(), Number(-_n.Unpaid));
            seat.Alone = One(
                PlainKind.Ratio, over.At(), span.At(), Number(1000000), 0, low: 0, high: 1000000);
            (seat.U, seat.Energy) = (u, energy);
        });
        return seat;
    }

    private void WritePoints(Seat seat)
    {
        long degrees = _p - 1 - _n.Round;
        long own = (long)Math.Floor(0.9 * _n.D16 * _n.D16 * PlainNumbers.Least(degrees));
        int alike = Math.Min(29, 30 - Math.Min(5, PlainNumbers.Log2Floor(Math.Max(1, degrees / 40.0))));
        const int Seats = PlainLoop.Seats;
        PlainLoop updates = seat.Loop!;
        seat.PointsLoop = _draft.For(Seats, i =>
        {
            PlainArray explained = new(8);
            _draft.For(1, _ =>
            {
                PlainArray cosine = _draft.LongDot(
                    8,
                    [Seats],
                    seat.Work.At().Run(updates, i),
                    seat.Work.At().Run(updates, 0),
                    null,
                    _p,
                    s: (2 * _k) - 15);
                PlainArray earlier = _draft.Add(
                    PlainKind.Less, 8, [Seats], seat.Key.At().Run(updates, 0), seat.Key.At().Run(updates, i));
                _draft.Add(
                    PlainKind.Explain,
                    8,
                    [Seats],
                    cosine.At().Along(0, 1),
                    earlier.At().Along(0, 1),
                    explained.At(-1).Along(0, 1) with { CarriedOwn = 0 },
                    t: alike,
                    output: explained);
            });
            PlainOperand last = explained.At() with { Offset = new PlainPolynomial(-8, 16 * 8) };
            PlainArray left = _draft.Add(PlainKind.Mac, 8, [1], last, Number(-1), Number(1L << 30));
            PlainArray ownEnergy = _draft.Add(
                PlainKind.Mac, 8, [1], seat.Energy.At().Run(updates, i), left.At(), s: 30);
            PlainArray isOwn = _draft.Add(PlainKind.Less, 8, [1], Number(own - 1), ownEnergy.At());
            PlainArray isPaid = _draft.Add(
                PlainKind.Match, 8, [1], isOwn.At(), Number(1), seat.Stands.At().Run(updates, i));
            seat.Points = _draft.Add(
                PlainKind.Match, 8, [1], isPaid.At(), Number(1), seat.Alone.At().Run(updates, i));
        });
    }

    private PlainArray WriteNext(Seat seat)
    {
        int k = _n.Buckets;
        PlainLoop updates = seat.Loop!;
        PlainArray total = new(8);
        PlainArray filled = new(8);
        PlainArray sum = new(8);
        _draft.For(PlainLoop.Seats, i =>
        {
            PlainOperand points = seat.Points.At().Run(seat.PointsLoop!, i);
            _draft.LongSum(8, [1], points, total.At().Prev(i), output: total);
            PlainOperand weight =
                _n.Spec.Task!.Aggregation is Mean ? Number(16384) : seat.Weight.At().Run(updates, i);
            PlainArray wt = _draft.Add(PlainKind.Select, 8, [1], points, weight, Number(0));
            if (k > 1)
            {
                wt = _draft.Add(
                    PlainKind.Match,
                    8,
                    [k],
                    Indices(k, 8).Along(0, 1),
                    PlainOperand.Input(Facts, 8, _n.FactsHead + 8).Along(i, 16),
                    wt.At());
            }

            PlainArray counted = _draft.Add(PlainKind.Less, 8, [k], Number(0), wt.At().Along(0, 1));
            _draft.LongSum(
                8, [k], counted.At().Along(0, 1), filled.At().Along(0, 1).Prev(i), output: filled);
            _draft.Add(
                PlainKind.Mac,
                8,
                [k, _p],
                wt.At().Along(0, 1),
                seat.U.At().Run(updates, i).Along(1, 1),
                sum.At().Along(0, _p).Along(1, 1).Prev(i),
                output: sum);
        });
        PlainArray divisor = _draft.Add(
            PlainKind.Mac, 8, [k], filled.At().Along(0, 1), Number(1L << Math.Max(0, 14 + _n.E)));
        PlainArray change = _draft.Add(
            PlainKind.Ratio,
            4,
            [_p, k],
            sum.At().Along(0, 1).Along(1, _p),
            divisor.At().Along(1, 1),
            Number(1),
            t: Math.Max(0, -14 - _n.E));
        if (k > 1)
        {
            change = _draft.Add(
                PlainKind.Trim, 4, [_p], change.At().Along(0, k), filled.At(), length: k, t: _n.Trim);
        }

        PlainOperand model = PlainOperand.Input(Model, 4).Along(0, 1);
        Next = _draft.LongSum(
            4, [_p], change.At().Along(0, 1), model, low: -(1L << 23), high: 1L << 23);
        PlainArray move = _draft.Add(
            PlainKind.Mac, 4, [_p], model, Number(-1), Next.At().Along(0, 1));
        Moved = Unit(move.At());
        return total;
    }

    private (PlainArray Loss, PlainArray Right) WriteQuality(PlainOperand w)
    {
        PlainArray[] h = new PlainArray[_tensors.Count];
        for (int m = 0; m < h.Length; m++)
        {
            h[m] = _draft.LongSum(2, [_tensors[m].Length], w.Plus(_offsets[m]).Along(0, 1), s: 4);
        }

        PlainArray loss = new(8);
        PlainArray right = new(8);
        int b = _n.B;
        _draft.For(_n.Blocks, block =>
        {
            PlainNetwork network = new(_draft, b, h, []);
            PlainSignal scores = network.Forward(_n.Spec.Model.Layers, Input(_x.At().Run(_blocks, block)));
            (PlainArray at, PlainArray p) = WriteLoss(scores);
            PlainOperand y = _y.At().Run(_blocks, block).Along(0, 1);
            int c = scores.Size;
            PlainArray pl = _draft.Add(PlainKind.Gather, 2, [b], y, p.At().Along(0, c), length: c);
            long[] table = PlainFunctions.Table(
                32768, j => -Math.Log(j == 0 ? Math.ScaleB(1, -16) : j / 32768.0) * 65536, false);
            PlainArray ls = _draft.Add(
                PlainKind.Table,
                4,
                [b],
                pl.At().Along(0, 1),
                PlainOperand.Table(table, 4),
                Number(0),
                length: table.Length);
            ls = Present(ls, block);
            _draft.LongSum(8, [1], ls.At(), loss.At().Prev(block), b, output: loss);
            PlainArray ok = _draft.Add(PlainKind.Match, 2, [b], at.At().Along(0, 1), y, Number(1));
            ok = Present(ok, block);
            _draft.LongSum(8, [1], ok.At(), right.At().Prev(block), b, output: right);
        });
        return (loss, right);
    }

    private PlainArray WriteRoot(PlainArray array, int count)
    {
        int w = array.Width;
        int c = (int)BitOperations.RoundUpToPowerOf2((uint)(((count * w) + 127) / 128));
        int each = 128 / w;
        PlainArray filled = _draft.Add(
            PlainKind.Gather, w, [c * each], Indices(c * each, 4).Along(0, 1), array.At(), length: count);
        PlainArray hashes = _draft.Add(PlainKind.Hash, 32, [c], filled.At().Along(0, each), length: 128);
        while (c > 1)
        {
            c /= 2;
            hashes = _draft.Add(
                PlainKind.Hash, 32, [c], hashes.At().Along(0, 2), hashes.At(1).Along(0, 2), length: 64);
        }

        return hashes;
    }

    private sealed record Cap(PlainArray Most, PlainArray Points, PlainArray Pays);

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

        public PlainArray Alone { get; set; } = new(8);

        public PlainArray Points { get; set; } = new(8);
    }
}
