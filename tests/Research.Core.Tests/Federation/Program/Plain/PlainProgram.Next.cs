using System.Numerics;
using Research.Training.Aggregation;

namespace Research.Tests.Federation.Program.Plain;

/// <content>Sections 6 to 8: the next model, what both are worth, and what is claimed.</content>
internal sealed partial class PlainProgram
{
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
                PlainOperand table = PlainOperand.Table(PlainBuckets.Table(_n), 2);
                PlainArray bucket = _draft.Add(
                    PlainKind.Gather, 8, [1], OfEntry(i, IndexInEntry), table, length: 65536);
                wt = _draft.Add(
                    PlainKind.Match, 8, [k], Indices(k, 8).Along(0, 1), bucket.At(), wt.At());
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
}
