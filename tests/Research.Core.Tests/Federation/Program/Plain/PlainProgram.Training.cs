using Research.Training;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Program.Plain;

/// <content>Sections 1 and 2: the roster, the records, and the reference runs.</content>
internal sealed partial class PlainProgram
{
    private void WriteRoster() => _draft.Add(
        PlainKind.Entry,
        128,
        [PlainLoop.Seats],
        _entries.At(-1).Along(0, 1) with { CarriedOwn = 0 },
        output: _entries);

    private void WriteRecords()
    {
        int bytes = _n.RecordBytes;
        PlainArray opened = _draft.Add(
            PlainKind.Choice, 2, [_n.Blocks * _n.B], b: PlainOperand.Input(Chain, 32));
        _blocks = _draft.For(_n.Blocks, block =>
        {
            _draft.Add(
                PlainKind.Decode,
                2,
                [_n.B, _n.D + 1],
                opened.At().Along(block, 2L * _n.B).Along(0, 1),
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
}
