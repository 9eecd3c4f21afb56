using Research.Federation.Aggregation;
using Research.Training.Aggregation;

namespace Research.Federation.Program;

/// <summary>Adds up what is earned, and makes the next model of the updates that earn it.</summary>
internal sealed class AggregationPart
{
    private const int WeightFraction = 14;

    private readonly Draft _draft;
    private readonly ScoringNumbers _numbers;
    private readonly RewardPart _reward;
    private readonly RosterPart _roster;
    private readonly Loop _seats;
    private readonly int _buckets;
    private readonly int _trim;

    public AggregationPart(Draft draft, ScoringNumbers numbers, RewardPart reward, RosterPart roster)
    {
        (_draft, _numbers, _reward, _roster) = (draft, numbers, reward, roster);
        AggregationRule rule = numbers.Spec.Task!.Aggregation;
        (_buckets, _trim) = rule switch
        {
            Median median => (median.Buckets, median.Buckets),
            TrimmedMean trimmed => (trimmed.Buckets, trimmed.Trim),
            _ => (1, 0),
        };
        _seats = draft.Loop(draft.Root, Extent.Seats);
        Operand points = reward.Points.At() with { WalkAround = _seats };
        StepReference total = new();
        Total = total.Step = draft.Sum(_seats, "total", 8, [1], 1, points, Carried(total));
        Step weight = draft.Of(
            StepKind.Select,
            _seats,
            "weight in the mean",
            8,
            [1],
            points,
            rule is Mean ? draft.Number(1 << WeightFraction) : reward.Weight.At() with { WalkAround = _seats },
            draft.Number(0));
        (Step sums, Step counts) = Sums(weight);
        Change = Step(sums, counts);
        Operand model = new() { Tree = Tree.Model, Width = 4, Strides = [1] };
        Next = draft.Sum(
            draft.Root,
            "next model",
            4,
            [numbers.Parameters],
            1,
            Change.At(1),
            model,
            low: -FixedPoint.Limit,
            high: FixedPoint.Limit);
        Moved = reward.Unit(draft.Root, "step of the round", draft.Mac(
            draft.Root, "moved", 4, [numbers.Parameters], model, draft.Number(-1), Next.At(1)).At(1));
    }

    /// <summary>Gets the total of the points, in the last seat.</summary>
    public Step Total { get; }

    /// <summary>Gets the change of each weight, [P] in units of 2⁻¹⁶.</summary>
    public Step Change { get; }

    /// <summary>Gets the next model, [P].</summary>
    public Step Next { get; }

    /// <summary>Gets the direction of the change, [P] of length 2ᵏ, for the rounds to come.</summary>
    public Step Moved { get; }

    private static Operand Carried(StepReference made, params long[] strides) =>
        new() { Made = made, Width = 8, Strides = strides, IsCarried = true };

    // The sums of the weighted updates, and how many there are, bucket by bucket.
    private (Step Sums, Step Counts) Sums(Step weight)
    {
        int p = _numbers.Parameters;
        Step own = weight;
        if (_buckets > 1)
        {
            Operand dealt = _draft.Constants.Table("buckets", 2, () => Buckets
                .Deal(_numbers.Spec, _numbers.Round, Extent.MostSeats, _buckets).Select(bucket => (long)bucket));
            Step bucket = _draft.Gather(_seats, "bucket", 8, [1], _roster.Index(_seats), dealt, Extent.MostSeats);
            own = _draft.Of(
                StepKind.Match,
                _seats,
                "weight in each bucket",
                8,
                [_buckets],
                _draft.Constants.Table(
                    $"0 to {_buckets - 1}, wide", 8, () => Enumerable.Range(0, _buckets).Select(i => (long)i)) with
                { Strides = [1] },
                bucket.At(),
                weight.At());
        }

        Step isThere = _draft.Of(
            StepKind.Less, _seats, "is in the mean", 8, [_buckets], _draft.Number(0), own.At(1));
        StepReference counts = new();
        counts.Step = _draft.Sum(_seats, "how many", 8, [_buckets], 1, isThere.At(1), Carried(counts, 1));
        StepReference sums = new();
        sums.Step = _draft.Mac(
            _seats,
            "sums of updates",
            8,
            [_buckets, p],
            own.At(1, 0),
            _reward.Update.At(0, 1) with { WalkAround = _seats },
            Carried(sums, p, 1));
        return (sums.Step, counts.Step);
    }

    private Step Step(Step sums, Step counts)
    {
        int p = _numbers.Parameters;
        int shift = WeightFraction + _numbers.UpdateShift;
        Step divisors = _draft.Mac(
            _draft.Root, "divisors", 8, [_buckets], counts.At(1), _draft.Number(1L << Math.Max(0, shift)));
        Step means = _draft.Ratio(
            _draft.Root,
            "means",
            4,
            [p, _buckets],
            sums.At(1, p),
            divisors.At(0, 1),
            t: Math.Max(0, -shift),
            isRounded: true);
        return _buckets == 1
            ? means
            : _draft.Of(
                StepKind.Trim,
                _draft.Root,
                "trimmed means",
                4,
                [p],
                means.At(_buckets),
                counts.At(0),
                length: _buckets,
                t: _trim);
    }
}
