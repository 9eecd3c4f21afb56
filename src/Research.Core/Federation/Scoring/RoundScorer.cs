using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Program.Machine;
using Research.Federation.Rewards;
using Research.Federation.Trace;
using Research.Training;

namespace Research.Federation.Scoring;

/// <summary>Scores a round's updates by how far each moves the model where the round's fresh records would.</summary>
/// <remarks>
/// Scoring is a program of integer steps that follows from the specification, the round and the number of reveals
/// (<c>contracts/SCORING.md</c>): whoever repeats it gets the same trace, and a wrong result holds a step that is wrong by
/// itself. An update earns where its signal stands out of noise, by the signal, up to the cap; it must carry the noise
/// that is asked for, and what earlier commitments explain of it is not its own. There is no randomness but the reference
/// runs' and the buckets', which follows from the specification.
/// </remarks>
public static class RoundScorer
{
    /// <summary>Scores a round.</summary>
    /// <param name="models">The models that the rounds started from, the first to this round's.</param>
    /// <param name="submissions">The round's submissions, earliest commitment first; their indices are 0 to their number
    /// less one.</param>
    /// <param name="evaluation">The records of the round that score; the specification committed to them.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="roster">Who takes part, as the market has it; its order of commitments is that of the submissions. Left
    /// out where the round is on no chain.</param>
    /// <param name="cancellationToken">Stops between two parts of the program.</param>
    /// <exception cref="ArgumentException">There is no model, the roster has more or fewer reveals, an index is doubled or missing, or the evaluation records are
    /// more, fewer or of another fraction than the specification says.</exception>
    /// <exception cref="SpecException">The specification cannot be scored: see <see cref="PayableSpec"/>.</exception>
    public static RoundScore Score(
        IReadOnlyList<GlobalModel> models,
        IReadOnlyList<Submission> submissions,
        ScoringRecords evaluation,
        int threads = 1,
        IProgress<double>? progress = null,
        Roster? roster = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(submissions);
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentOutOfRangeException.ThrowIfZero(models.Count, nameof(models));
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        GlobalModel start = models[^1];
        Check(start.Spec, submissions, evaluation, roster);
        ScoringProgram program = ScoringProgram.Of(start.Spec, models.Count - 1);
        SeatUpdates updates = new(start, submissions);
        ProgramInputs inputs = new()
        {
            Model = start.Weights.ToArray(),
            PastModels = [.. models.SkipLast(1).Select(model => (ReadOnlyMemory<int>)model.Weights.ToArray())],
            PastSteps = PastSteps.Of(models, program.Numbers.LengthShift),
            Records = evaluation.Committed.Bytes,
            Keys = evaluation.Keys,
            Seed = evaluation.Choice.Seed,
            Roster = roster ?? Roster.Of([.. submissions.Select(one => one.Index)]),
            Update = updates.Open,
        };
        ScoringMachine machine = new(program, inputs, threads);
        try
        {
            TraceTree tree = new(machine.Bytes);
            machine.Run(tree, progress, cancellationToken);
            tree.Tree.Finish();
            return Result(start, submissions.Count, updates, new RoundTrace(program, inputs, machine, tree.Tree));
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    private static void Check(
        ModelSpec spec, IReadOnlyList<Submission> submissions, ScoringRecords evaluation, Roster? roster)
    {
        PayableSpec.Require(spec);
        EvaluationSection section = spec.Task!.Evaluation;
        if (evaluation.Count != section.Examples || evaluation.Fraction != section.Fraction)
        {
            throw new ArgumentException(
                $"Expected {section.Examples} records of fraction {section.Fraction}, as the specification says; got "
                + $"{evaluation.Count} of fraction {evaluation.Fraction}.",
                nameof(evaluation));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(submissions.Count, Extent.MostSeats, nameof(submissions));
        if (!submissions.Select(one => one.Index).Order().SequenceEqual(Enumerable.Range(0, submissions.Count)))
        {
            throw new ArgumentException(
                $"Expected submissions with the indices 0 to {submissions.Count - 1}; got "
                + $"{string.Join(", ", submissions.Take(20).Select(one => one.Index))}.",
                nameof(submissions));
        }

        if (roster is not null && roster.Count != submissions.Count)
        {
            throw new ArgumentException(
                $"Expected a roster of {submissions.Count} reveals, got {roster.Count}.", nameof(roster));
        }
    }

    private static RoundScore Result(GlobalModel start, int reveals, SeatUpdates updates, RoundTrace trace)
    {
        ScoringProgram program = trace.Program;
        ScoringMachine machine = trace.Machine;
        ScoringNumbers numbers = program.Numbers;
        double unit = numbers.ScaledDeviation * (1 << ScoringNumbers.SignalFraction);
        bool pays = machine.ValueOf(program.Reward.Pays) > 0;
        double cap = pays ? machine.ValueOf(program.Reward.Cap) / unit : 0;
        SeatScores seats = new(trace, updates, unit, cap);
        return new RoundScore(
            [.. Enumerable.Range(0, reveals).Select(seats.Of)],
            start.Moved(machine.ValuesOf<int>(program.Aggregation.Change, numbers.Parameters)),
            machine.ValuesOf<short>(program.Reward.Direction, numbers.Parameters).ToArray(),
            trace)
        {
            Unpaid = numbers.Unpaid / unit,
            Cap = cap,
            ExpectedZ = machine.ValueOf(program.Reward.Mean) / unit,
            MostLength = Math.ScaleB(machine.ValueOf(program.Reward.Most), -numbers.UpdateShift),
            Records = numbers.Records,
            DirectionRoot = new TreeHash(machine.ValuesOf<byte>(program.Results.MovedRoot, TreeHash.Size)),
            LossBefore = Loss(program.Results.LossBefore),
            LossAfter = Loss(program.Results.LossAfter),
            AccuracyBefore = machine.ValueOf(program.Results.RightBefore) / (double)numbers.Records,
            RightAfter = (int)machine.ValueOf(program.Results.RightAfter),
            AccuracyAfter = machine.ValueOf(program.Results.RightAfter) / (double)numbers.Records,
        };

        double Loss(Step sum) => Math.ScaleB(machine.ValueOf(sum), -QualityPart.LossFraction) / numbers.Records;
    }
}
