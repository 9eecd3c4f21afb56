namespace Research.Federation.Program;

/// <summary>The round's direction, what the reference runs reach along it, and what each update is worth.</summary>
/// <remarks>
/// An update's numbers are scaled so that the noise that must be there has 512 to 1,024 units; directions have the length
/// 2ᵏ. Signals have 8 binary places beside.
/// </remarks>
internal sealed class RewardPart
{
    private const int CoefficientFraction = 9;
    private const int InverseShift = 20;
    private const int CosineFraction = 15;
    private const int WeightFraction = 14;
    private const int FullPoints = 1_000_000;

    private readonly Draft _draft;
    private readonly ScoringNumbers _numbers;
    private readonly RosterPart _roster;
    private readonly Step? _past;
    private readonly Step? _pastTurned;
    private readonly Step? _pastSquares;
    private readonly Step _squared;
    private readonly Step _length;
    private readonly Step _cap;
    private readonly Step _most;
    private readonly Step _alike;
    private readonly Step _pays;

    public RewardPart(Draft draft, ScoringNumbers numbers, TrainingPart training, RosterPart roster)
    {
        (_draft, _numbers, _roster) = (draft, numbers, roster);
        if (numbers.Round > 0)
        {
            _past = draft.Copy(draft.Root, "past steps", 2, [numbers.Round, P], new Operand
            {
                Tree = Tree.PastSteps,
                TreeByOwn = true,
                Width = 2,
                Strides = [0, 1],
            });
            _pastTurned = draft.Copy(draft.Root, "past steps, turned", 2, [P, numbers.Round], _past.At(1, P));
            _pastSquares = draft.Dot(draft.Root, "squares of past steps", 8, [numbers.Round], P, _past.At(P), _past.At(P));
        }

        Direction = Unit(draft.Root, "direction", training.Deltas.At(1));
        _squared = draft.Dot(draft.Root, "square of the direction", 8, [1], P, Direction.At(0), Direction.At(0));
        _length = draft.Of(StepKind.Root, draft.Root, "length of the direction", 8, [1], _squared.At());
        (Mean, _most, _alike) = References(training);
        _cap = draft.Sum(draft.Root, "cap", 8, [1], 1, Mean.At(), draft.Number(numbers.AboveMean));
        _pays = draft.Of(StepKind.Less, draft.Root, "pays", 8, [1], draft.Number(numbers.Unpaid), Mean.At());
        Seats = draft.Loop(draft.Root, Extent.Seats);
        Seat();
        Pairs = draft.Loop(draft.Root, Extent.Seats);
        Pair();
    }

    /// <summary>Gets r, [P] of length 2ᵏ.</summary>
    public Step Direction { get; }

    /// <summary>Gets the mean signal of the noisy reference runs.</summary>
    public Step Mean { get; }

    /// <summary>Gets the signal from which a full share is earned, where anything is.</summary>
    public Step Cap => _cap;

    /// <summary>Gets the length that an update counts with at most.</summary>
    public Step Most => _most;

    /// <summary>Gets whether the round's records tell help from noise.</summary>
    public Step Pays => _pays;

    /// <summary>Gets the loop over seats, each alone.</summary>
    public Loop Seats { get; }

    /// <summary>Gets the loop over seats, each beside the others.</summary>
    public Loop Pairs { get; }

    /// <summary>Gets a seat's update, [P].</summary>
    public Step Update { get; private set; } = null!;

    /// <summary>Gets a seat's length.</summary>
    public Step Length { get; private set; } = null!;

    /// <summary>Gets a seat's weight in the mean when it is paid, of 14 binary places: 1, or less where it is shortened.</summary>
    public Step Weight { get; private set; } = null!;

    /// <summary>Gets a seat's signal.</summary>
    public Step Signal { get; private set; } = null!;

    /// <summary>Gets a seat's energy beside the directions.</summary>
    public Step Energy { get; private set; } = null!;

    /// <summary>Gets the signal that a seat must exceed.</summary>
    public Step Threshold { get; private set; } = null!;

    /// <summary>Gets whether a seat's energy is that of an honest update's noise.</summary>
    public Step HasNoise { get; private set; } = null!;

    /// <summary>Gets whether a seat would be paid if it were alone.</summary>
    public Step Stands { get; private set; } = null!;

    /// <summary>Gets what it would then earn.</summary>
    public Step Alone { get; private set; } = null!;

    /// <summary>Gets the squared cosines of a seat with each seat, [seats].</summary>
    public Step Cosines { get; private set; } = null!;

    /// <summary>Gets which seats came before and carry noise, [seats].</summary>
    public Step Earlier { get; private set; } = null!;

    /// <summary>Gets the part of a seat's energy that earlier ones explain, of 30 binary places.</summary>
    public Step Explained { get; private set; } = null!;

    /// <summary>Gets the energy that is left, a seat's own.</summary>
    public Step Own { get; private set; } = null!;

    /// <summary>Gets a seat's points.</summary>
    public Step Points { get; private set; } = null!;

    private int P => _numbers.Parameters;

    private int K => _numbers.LengthShift;

    private Loop Root => _draft.Root;

    /// <summary>Brings a vector to the length 2ᵏ, and takes the past steps out of it.</summary>
    /// <param name="at">The loop.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="vector">[P] of 32 bits.</param>
    public Step Unit(Loop at, string name, Operand vector)
    {
        const int Down = 8; // Of squares, so that they add up within 64 bits.
        const int Up = 40;
        Step squares = _draft.Mac(at, name + ", squares", 8, [P], vector, vector, s: Down);
        Step energy = _draft.Sum(at, name + ", energy", 8, [1], P, squares.At(0));
        Step length = _draft.Of(StepKind.Root, at, name + ", length", 8, [1], energy.At());
        Step inverse = _draft.Ratio(at, name + ", inverse", 8, [1], _draft.Number(1), length.At(), t: Up);
        Step unit = _draft.Mac(at, name + " as it is", 2, [P], vector, inverse.At(), s: Up + (Down / 2) - K);
        return _past is null ? unit : Again(at, name, Beside(at, name, unit));
    }

    private Step Again(Loop at, string name, Step vector)
    {
        Step energy = _draft.Dot(at, name + ", energy left", 8, [1], P, vector.At(0), vector.At(0));
        (Step inverse, _) = Inverse(at, name, energy);
        return _draft.Mac(at, name, 2, [P], vector.At(1), inverse.At(), s: InverseShift);
    }

    private (Step Inverse, Step Length) Inverse(Loop at, string name, Step energy)
    {
        Step length = _draft.Of(StepKind.Root, at, name + ", length left", 8, [1], energy.At());
        return (_draft.Ratio(
            at, name + ", inverse of it", 4, [1], _draft.Number(1), length.At(), t: K + InverseShift), length);
    }

    // Takes out what lies along past steps.
    private Step Beside(Loop at, string name, Step vector)
    {
        if (_past is null)
        {
            return vector;
        }

        int rounds = _numbers.Round;
        Step along = _draft.Dot(at, name + ", along past steps", 8, [rounds], P, vector.At(0), _past.At(P));
        Step parts = _draft.Ratio(
            at,
            name + ", parts of past steps",
            2,
            [rounds],
            along.At(1),
            _pastSquares!.At(1),
            _draft.Number(-1),
            CoefficientFraction,
            isRounded: true);
        return _draft.Dot(
            at,
            name + " beside past steps",
            2,
            [P],
            rounds,
            parts.At(0),
            _pastTurned!.At(rounds),
            vector.At(1),
            CoefficientFraction,
            CoefficientFraction);
    }

    private (Step Mean, Step Most, Step Alike) References(TrainingPart training)
    {
        Loop loop = _draft.Loop(Root, _numbers.References);
        int shift = _numbers.UpdateShift - (ScoringNumbers.TrainingFraction - ScoringNumbers.UpdateFraction);
        Step scaled = Scale(loop, "reference", training.Deltas.At(1) with { WalkAround = loop }, shift);
        (Step along, Step signal, Step length) = SignalOf(loop, "reference", scaled);
        (Step work, _) = WorkOf(loop, "reference", scaled, along);
        StepReference sum = new();
        sum.Step = _draft.Sum(loop, "sum of signals", 8, [1], 1, signal.At(), Carried(sum));
        StepReference most = new();
        Step isLonger = _draft.Of(StepKind.Less, loop, "longer than those before", 8, [1], Carried(most), length.At());
        most.Step = _draft.Of(
            StepKind.Select, loop, "longest", 8, [1], isLonger.At(), length.At(), Carried(most));
        Step mean = _draft.Ratio(Root, "mean signal", 8, [1], sum.Step.At(), _draft.Number(_numbers.References));
        return (mean, _draft.Copy(Root, "longest reference", 8, [1], most.Step.At()), Alike(work));
    }

    // From which squared cosine two works share noise: beyond what runs of one signal and their own noise have.
    private Step Alike(Step work)
    {
        int runs = _numbers.References;
        Loop loop = _draft.Loop(Root, runs);
        Step cosines = _draft.Dot(
            loop,
            "cosines of references",
            8,
            [runs],
            P,
            work.At(0) with { WalkAround = loop },
            work.At(0) with { Walk = 0 },
            s: (2 * K) - CosineFraction);
        Step squares = _draft.Mac(loop, "their squares", 8, [runs], cosines.At(1), cosines.At(1));
        Operand pairs = _draft.Constants.Table("pairs of references", 2, () => Enumerable.Range(0, runs * runs)
            .Select(i => i % runs < i / runs ? 1L : 0));
        Step once = _draft.Of(
            StepKind.Select,
            loop,
            "squares, each pair once",
            8,
            [runs],
            pairs with { Strides = [1], Around = [(loop, runs)] },
            squares.At(1),
            _draft.Number(0));
        StepReference sum = new();
        sum.Step = _draft.Sum(loop, "sum of squares", 8, [1], runs, once.At(0), Carried(sum));
        Step mean = _draft.Ratio(
            Root, "mean square", 8, [1], sum.Step.At(), _draft.Number(runs * (runs - 1L) / 2), _draft.Number(4));
        return _draft.Sum(
            Root, "alike", 8, [1], 1, mean.At(), low: _numbers.LeastAlike, high: ScoringNumbers.MostAlike);
    }

    // What of an update lies beside r and the past steps, brought to the length 2ᵏ; and its energy.
    private (Step Work, Step Energy) WorkOf(Loop at, string name, Step scaled, Step along)
    {
        Step part = _draft.Ratio(
            at, name + ", part of r", 2, [1], along.At(), _squared.At(), _draft.Number(-1), CoefficientFraction, true);
        Step beside = Beside(at, name, _draft.Mac(
            at,
            name + " beside r",
            2,
            [P],
            Direction.At(1),
            part.At(),
            scaled.At(1),
            CoefficientFraction,
            CoefficientFraction));
        Step energy = _draft.Dot(at, name + ", energy beside", 8, [1], P, beside.At(0), beside.At(0));
        (Step inverse, _) = Inverse(at, name, energy);
        return (_draft.Mac(at, name + "'s work", 2, [P], beside.At(1), inverse.At(), s: InverseShift), energy);
    }

    private static Operand Carried(StepReference made) => new() { Made = made, Width = 8, IsCarried = true };

    private Step Scale(Loop at, string name, Operand update, int shift) => _draft.Mac(
        at, name + ", scaled", 2, [P], update, _draft.Number(1L << Math.Max(0, shift)), s: Math.Max(0, -shift));

    private (Step Along, Step Signal, Step Length) SignalOf(Loop at, string name, Step scaled)
    {
        Step along = _draft.Dot(at, name + ", along the direction", 8, [1], P, scaled.At(0), Direction.At(0));
        Step signal = _draft.Ratio(
            at, name + ", signal", 8, [1], along.At(), _length.At(), t: ScoringNumbers.SignalFraction);
        Step energy = _draft.Dot(at, name + ", energy", 8, [1], P, scaled.At(0), scaled.At(0));
        return (along, signal, _draft.Of(StepKind.Root, at, name + ", length", 8, [1], energy.At()));
    }

    private void Seat()
    {
        Update = Scale(
            Seats,
            "update",
            new Operand { Tree = Tree.Updates, TreeLoop = Seats, Width = 4, Strides = [1] },
            _numbers.UpdateShift);
        (Step along, Step signal, Length) = SignalOf(Seats, "update", Update);
        (Work, Step energy) = WorkOf(Seats, "update", Update, along);

        Step isLonger = One(StepKind.Less, "is longer", _most.At(), Length.At());
        Step counted = One(StepKind.Select, "counted length", isLonger.At(), _most.At(), Length.At());
        Weight = _draft.Ratio(Seats, "weight", 8, [1], counted.At(), Length.At(), t: WeightFraction);
        Signal = Shortened("signal", signal, counted);
        Energy = Shortened("energy", Shortened("energy once", energy, counted), counted);
        HasNoise = One(StepKind.Less, "has noise", _draft.Number(_numbers.LeastEnergy - 1), Energy.At());
        Step compared = _draft.Sum(
            Seats, "noise compared with", 8, [1], 1, Energy.At(), low: _numbers.ExpectedEnergy);
        Step squared = _draft.Ratio(
            Seats,
            "threshold squared",
            8,
            [1],
            compared.At(),
            _draft.Number(_numbers.Degrees * 1_000_000L),
            _draft.Number(_numbers.Significance * _numbers.Significance),
            2 * ScoringNumbers.SignalFraction);
        Threshold = One(StepKind.Root, "threshold", squared.At());
        Step isSignificant = One(StepKind.Less, "is significant", Threshold.At(), Signal.At());
        Step both = One(StepKind.Match, "is significant and has noise", isSignificant.At(), _draft.Number(1), HasNoise.At());
        Stands = One(StepKind.Match, "stands", _pays.At(), _draft.Number(1), both.At());
        Limit = LimitOf(Signal, Energy);
        Step order = _draft.Mac(
            Seats, "order", 8, [1], _roster.Block(Seats), _draft.Number(Extent.MostSeats), _roster.Index(Seats));
        Key = One(
            StepKind.Select, "order of who has noise", HasNoise.At(), order.At(), _draft.Number(long.MaxValue));
        Step over = _draft.Sum(Seats, "signal that is paid", 8, [1], 1, Signal.At(), _draft.Number(-_numbers.Unpaid));
        Step span = _draft.Sum(Seats, "signal that can be paid", 8, [1], 1, _cap.At(), _draft.Number(-_numbers.Unpaid));
        Alone = _draft.Ratio(
            Seats, "points alone", 8, [1], over.At(), span.At(), _draft.Number(FullPoints), low: 0, high: FullPoints);
    }

    /// <summary>Gets what of a seat's update is its own work, [P] of length 2ᵏ: beside r and past steps.</summary>
    public Step Work { get; private set; } = null!;

    private Step Key { get; set; } = null!;

    private Step Limit { get; set; } = null!;

    // An owner's signal is shared: half as much of its energy as lies along r may lie beside r (r has two thirds of where
    // all owners' records would go, or more), and is nobody's work. So what others share of an update counts from that share
    // of its energy on, whoever they are and however many.
    private Step LimitOf(Step signal, Step energy)
    {
        const int Down = (2 * CosineFraction) - (2 * ScoringNumbers.SignalFraction) - 1;
        Step isMore = One(StepKind.Less, "has more signal than the cap", _cap.At(), signal.At());
        Step counted = One(StepKind.Select, "signal that is shared", isMore.At(), _cap.At(), signal.At());
        Step squared = _draft.Mac(Seats, "its square", 8, [1], counted.At(), counted.At());
        Step share = _draft.Ratio(
            Seats, "share of signal", 8, [1], squared.At(), energy.At(), _draft.Number(1L << Down), low: 0, high: ScoringNumbers.MostAlike);
        Step isLess = One(StepKind.Less, "is less than references share", share.At(), _alike.At());
        return One(StepKind.Select, "limit", isLess.At(), _alike.At(), share.At());
    }

    private Step One(StepKind kind, string name, Operand a, Operand? b = null, Operand? c = null) =>
        _draft.Of(kind, Seats, name, 8, [1], a, b, c);

    private Step Shortened(string name, Step value, Step counted) =>
        _draft.Ratio(Seats, name, 8, [1], value.At(), Length.At(), counted.At());

    private void Pair()
    {
        Loop others = _draft.Loop(Pairs, 1); // Of its own, so that nothing of it is kept.
        Cosines = _draft.Dot(
            others,
            "cosines",
            8,
            [Extent.Seats],
            P,
            Work.At(0) with { WalkAround = Pairs },
            Work.At(0) with { Walk = 0 },
            s: (2 * K) - CosineFraction);
        Earlier = _draft.Of(
            StepKind.Less,
            others,
            "earlier",
            8,
            [Extent.Seats],
            Key.At() with { Walk = 0 },
            Key.At() with { WalkAround = Pairs });
        Step limits = _draft.Of(
            StepKind.Select,
            others,
            "limits",
            8,
            [Extent.Seats],
            Earlier.At(1),
            Limit.At() with { WalkAround = Pairs },
            _draft.Number(long.MaxValue));
        StepReference made = new();
        made.Step = _draft.Of(
            StepKind.Explain,
            others,
            "explained",
            8,
            [Extent.Seats],
            Cosines.At(1),
            limits.At(1),
            new Operand { Made = made, Width = 8, Strides = [1], CarriedAlong = 0 });
        Explained = made.Step;
        Step left = _draft.Mac(
            Pairs, "share that is its own", 8, [1], Last(Explained), _draft.Number(-1), _draft.Number(1L << (2 * CosineFraction)));
        Own = _draft.Mac(
            Pairs, "energy of its own", 8, [1], Energy.At() with { WalkAround = Pairs }, left.At(), s: 2 * CosineFraction);
        Step judged = _draft.Of(
            StepKind.Select, Pairs, "energy that is judged", 8, [1], Last(Explained), Own.At(), _draft.Number(long.MaxValue));
        Step isOwn = _draft.Of(
            StepKind.Less, Pairs, "is its own", 8, [1], _draft.Number(_numbers.LeastOwnEnergy - 1), judged.At());
        Step isPaid = _draft.Of(
            StepKind.Match, Pairs, "is paid", 8, [1], isOwn.At(), _draft.Number(1), Stands.At() with { WalkAround = Pairs });
        Points = _draft.Of(
            StepKind.Match, Pairs, "points", 8, [1], isPaid.At(), _draft.Number(1), Alone.At() with { WalkAround = Pairs });
    }

    private static Operand Last(Step perSeat) => perSeat.From(new Polynomial(-1, Extent.SeatBlock));
}
