namespace Research.Tests.Federation.Program.Plain;

/// <content>Sections 3 to 5: the direction, and what each update is worth.</content>
internal sealed partial class PlainProgram
{
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

    // 8 bytes of the entry of the seat that a loop around the reader names.
    private PlainOperand OfEntry(PlainLoop seat, int offset) =>
        new PlainOperand(0, 8) { Array = _entries, Offset = new PlainPolynomial(offset) }.Along(seat, 128);

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
        PlainArray? work = null;
        PlainLoop references = _draft.For(_n.K, i =>
        {
            PlainArray u = _draft.Add(
                PlainKind.Mac,
                2,
                [_p],
                _change.At().Run(_runs, i).Along(0, 1),
                Number(1L << Math.Max(0, _n.E - 4)),
                s: Math.Max(0, 4 - _n.E));
            Measured measured = Measure(u);
            (work, _) = Work(u, measured.Along);
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
        PlainArray alike = WriteAlike(references, work!);
        PlainArray cap = _draft.LongSum(8, [1], mean.At(), Number(_n.Above));
        PlainArray pays = _draft.Add(PlainKind.Less, 8, [1], Number(_n.Unpaid), mean.At());
        return new Cap(most, cap, pays, alike);
    }

    private PlainArray WriteAlike(PlainLoop references, PlainArray work)
    {
        int runs = _n.K;
        PlainArray sum = new(8);
        _draft.For(runs, i =>
        {
            PlainArray cosine = _draft.LongDot(
                8, [runs], work.At().Run(references, i), work.At().Run(references, 0), null, _p, s: (2 * _k) - 15);
            PlainArray square = _draft.Add(
                PlainKind.Mac, 8, [runs], cosine.At().Along(0, 1), cosine.At().Along(0, 1));
            long[] pairs = [.. Enumerable.Range(0, runs * runs).Select(one => one % runs < one / runs ? 1L : 0)];
            PlainArray once = _draft.Add(
                PlainKind.Select,
                8,
                [runs],
                PlainOperand.Table(pairs, 2).Along(0, 1).Along(i, 2 * runs),
                square.At().Along(0, 1),
                Number(0));
            _draft.LongSum(8, [1], once.At(), sum.At().Prev(i), length: runs, output: sum);
        });
        PlainArray mean = _draft.Add(
            PlainKind.Ratio, 8, [1], sum.At(), Number(runs * (runs - 1L) / 2), Number(4), length: 0);
        long degrees = _p - 1 - _n.Round;
        int least = Math.Min(29, 30 - Math.Min(5, PlainNumbers.Log2Floor(Math.Max(1, degrees / 40.0))));
        return _draft.LongSum(8, [1], mean.At(), low: 1L << least, high: 966367641);
    }

    private (PlainArray Work, PlainArray Energy) Work(PlainArray u, PlainArray along)
    {
        PlainArray part = _draft.Add(PlainKind.Ratio, 2, [1], along.At(), _rr.At(), Number(-1), t: 9);
        PlainArray b1 = _draft.Add(
            PlainKind.Mac, 2, [_p], _r.At().Along(0, 1), part.At(), u.At().Along(0, 1), t: 9, s: 9);
        PlainArray b2 = Beside(b1);
        PlainArray be = _draft.LongDot(8, [1], b2.At(), b2.At(), null, _p);
        PlainArray bl = _draft.Add(PlainKind.Root, 8, [1], be.At());
        PlainArray iv = _draft.Add(PlainKind.Ratio, 4, [1], Number(1), bl.At(), Number(1), length: 0, t: _k + 20);
        return (_draft.Add(PlainKind.Mac, 2, [_p], b2.At().Along(0, 1), iv.At(), s: 20), be);
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
            (seat.Work, PlainArray be) = Work(u, measured.Along);
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
            PlainArray more = One(PlainKind.Less, cap.Points.At(), signal.At());
            PlainArray shared = One(PlainKind.Select, more.At(), cap.Points.At(), signal.At());
            PlainArray squared = One(PlainKind.Mac, shared.At(), shared.At());
            PlainArray share = One(
                PlainKind.Ratio, squared.At(), energy.At(), Number(1 << 13), 0, low: 0, high: 966367641);
            PlainArray less = One(PlainKind.Less, share.At(), cap.Alike.At());
            seat.Limit = One(PlainKind.Select, less.At(), cap.Alike.At(), share.At());
            PlainArray order = One(
                PlainKind.Mac, OfEntry(i, BlockInEntry), Number(65536), OfEntry(i, IndexInEntry));
            seat.Key = One(PlainKind.Select, noisy.At(), order.At(), Number(long.MaxValue));
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
                PlainArray limit = _draft.Add(
                    PlainKind.Select,
                    8,
                    [Seats],
                    earlier.At().Along(0, 1),
                    seat.Limit.At().Run(updates, i),
                    Number(long.MaxValue));
                _draft.Add(
                    PlainKind.Explain,
                    8,
                    [Seats],
                    cosine.At().Along(0, 1),
                    limit.At().Along(0, 1),
                    explained.At(-1).Along(0, 1) with { CarriedOwn = 0 },
                    output: explained);
            });
            PlainOperand last = explained.At() with { Offset = new PlainPolynomial(-8, 16 * 8) };
            PlainArray left = _draft.Add(PlainKind.Mac, 8, [1], last, Number(-1), Number(1L << 30));
            PlainArray ownEnergy = _draft.Add(
                PlainKind.Mac, 8, [1], seat.Energy.At().Run(updates, i), left.At(), s: 30);
            PlainArray judged = _draft.Add(
                PlainKind.Select, 8, [1], last, ownEnergy.At(), Number(long.MaxValue));
            PlainArray isOwn = _draft.Add(PlainKind.Less, 8, [1], Number(own - 1), judged.At());
            PlainArray isPaid = _draft.Add(
                PlainKind.Match, 8, [1], isOwn.At(), Number(1), seat.Stands.At().Run(updates, i));
            seat.Points = _draft.Add(
                PlainKind.Match, 8, [1], isPaid.At(), Number(1), seat.Alone.At().Run(updates, i));
        });
    }
}
