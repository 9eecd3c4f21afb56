using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Federation.Rewards;

/// <summary>What honest owners can expect of a task, simulated on its evaluation records before it is published.</summary>
/// <remarks>
/// A task whose noise drowns every contribution cannot be fair by any rule: an honest owner's signal must stand out of its
/// own noise. Few steps on the whole of an owner's records do that at the same ε where many small batches do not.
/// </remarks>
/// <param name="Spec">The specification.</param>
/// <param name="ExpectedZ">Standard deviations by which the signal of an honest owner with the quota of records stands
/// out of its update's noise, on average.</param>
/// <param name="PaidShare">The share of such owners who would be paid, 0 to 1.</param>
/// <param name="Loss">Held-out loss of the model after one round with many such owners, in nats.</param>
public sealed record TaskProspect(ModelSpec Spec, double ExpectedZ, double PaidShare, double Loss)
{
    /// <summary>The z from which a task can be recommended: nearly everyone is paid, by how much hangs little on luck.</summary>
    public const double GoodZ = 6;

    private static readonly (double SampleRate, int Steps, double LearningRate, double Momentum)[] Plans =
    [
        (1, 3, 2, 0), (1, 5, 1, 0), (1, 5, 2, 0), (1, 10, 1, 0), (1, 10, 1, 0.5), (1, 20, 1, 0.5), (0.15, 30, 0.5, 0.5),
    ];

    /// <summary>Simulates the first round of a task.</summary>
    /// <param name="spec">A task.</param>
    /// <param name="records">Its first round's evaluation records, or others like them.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="SpecException">The specification cannot be paid: see <see cref="PayableSpec"/>.</exception>
    public static TaskProspect Of(
        ModelSpec spec, Dataset records, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(records);
        PayableSpec.Require(spec);
        ModelSpec rehearsed = spec with
        {
            Task = spec.Task! with { Evaluation = spec.Task.Evaluation with { Examples = records.Count } },
        };
        ScoringRecords scoring = Scoring(rehearsed, records);
        int[][] owners;
        using (RoundTrace alone = Score(rehearsed, [], scoring, threads, cancellationToken).Trace)
        {
            owners = References(alone);
        }

        RoundScore score = Score(rehearsed, owners, scoring, threads, cancellationToken);
        using RoundTrace trace = score.Trace;
        double paid = score.Participants.Count(one => one.Verdict == Verdict.Paid) / (double)owners.Length;
        return new TaskProspect(spec, score.ExpectedZ, paid, score.LossAfter);
    }

    /// <summary>Looks for a batch, a number of steps and a learning rate that serve honest owners better at the same ε.</summary>
    /// <param name="spec">A task.</param>
    /// <param name="records">Its first round's evaluation records, or others like them.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>Of those with <see cref="GoodZ"/> the one of the least loss, or that of the greatest z.</returns>
    public static TaskProspect Propose(
        ModelSpec spec, Dataset records, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        List<TaskProspect> found = [];
        foreach ((double rate, int steps, double learningRate, double momentum) in Plans)
        {
            if (Tried(With(spec, rate, steps, learningRate, momentum), records, threads, cancellationToken) is { } tried)
            {
                found.Add(tried);
            }
        }

        if (found.Count == 0)
        {
            return Of(spec, records, threads, cancellationToken); // Which says why not.
        }

        TaskProspect[] good = [.. found.Where(one => one.ExpectedZ >= GoodZ && double.IsFinite(one.Loss))];
        return good.Length > 0 ? good.MinBy(one => one.Loss)! : found.MaxBy(one => one.ExpectedZ)!;
    }

    // Null for a plan that no program can score, or that could not be paid.
    private static TaskProspect? Tried(
        ModelSpec spec, Dataset records, int threads, CancellationToken cancellationToken)
    {
        try
        {
            return Of(spec, records, threads, cancellationToken);
        }
        catch (SpecException)
        {
            return null;
        }
    }

    /// <summary>Gets the same task with another plan and the noise that spends the ε of the first.</summary>
    private static ModelSpec With(ModelSpec spec, double rate, int steps, double learningRate, double momentum)
    {
        PrivacySection privacy = spec.Privacy!;
        TaskSection task = spec.Task!;
        ExactAccountant accountant = new();
        accountant.Compose(new GaussianEvent(
            privacy.SampleRate, privacy.NoiseMultiplier, spec.Training.Steps * task.Rounds));
        double noise = Calibration.NoiseMultiplier(
            accountant.Epsilon(privacy.Delta), privacy.Delta, rate, steps * task.Rounds);
        return spec with
        {
            Optimizer = new Sgd(learningRate, momentum),
            Training = spec.Training with
            {
                BatchSize = Math.Max(1, (int)Math.Round(rate * task.Reward.Records)),
                Steps = steps,
            },
            Privacy = privacy with { SampleRate = rate, NoiseMultiplier = Math.Ceiling(noise * 1000) / 1000 },
        };
    }

    /// <summary>Gets records as those that score a round: each stands in both places of a pair, so that it scores
    /// whichever
    /// is opened.</summary>
    internal static ScoringRecords Scoring(ModelSpec spec, Dataset records)
    {
        int[] doubled = [.. Enumerable.Range(0, 2 * records.Count).Select(i => i / 2)];
        return EvaluationRecords.Create(records.Select(doubled), spec.Task!.Evaluation.Fraction, new byte[32])
            .Scoring(RecordChoice.Of(new byte[32], 1, 0, records.Count));
    }

    /// <summary>Scores updates of the first round.</summary>
    internal static RoundScore Score(
        ModelSpec spec,
        IReadOnlyList<int[]> updates,
        ScoringRecords records,
        int threads,
        CancellationToken cancellationToken)
    {
        GlobalModel start = GlobalModel.Initial(spec);
        Submission[] submissions =
            [.. updates.Select((update, i) => new Submission(i, ModelUpdate.Forge(start, 0, update)))];
        return RoundScorer.Score([start], submissions, records, threads, null, null, cancellationToken);
    }

    /// <summary>Gets what the noisy reference runs would have sent.</summary>
    internal static int[][] References(RoundTrace trace)
    {
        ScoringProgram program = trace.Program;
        int[][] updates = new int[program.Numbers.References][];
        const int Down = ScoringNumbers.TrainingFraction - ScoringNumbers.UpdateFraction;
        for (int run = 0; run < updates.Length; run++)
        {
            ReadOnlySpan<int> moved =
                trace.Machine.ValuesOf<int>(program.Training.Deltas, program.Numbers.Parameters, run);
            updates[run] = new int[moved.Length];
            for (int i = 0; i < moved.Length; i++)
            {
                updates[run][i] = (moved[i] + (1 << (Down - 1))) >> Down;
            }
        }

        return updates;
    }
}
