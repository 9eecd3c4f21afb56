using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Scoring;

/// <summary>Scores a round's updates by how far each moves the model where the round's fresh records would.</summary>
/// <remarks>
/// The linear rule: see <see cref="RewardMeasure"/> for the direction and the cap, <see cref="NoiseFloor"/> for the noise
/// that an honest update cannot lack. An update earns where its signal stands out of noise, by the signal, up to the
/// cap. Updates that share their noise are one piece of work and are paid once: the earliest commitment first, a later
/// one only by what it adds. The next model is what the specification's aggregation rule makes of those that earn.
/// No score depends on the order of the reveals (a bucket does, by the index), and there is no randomness but the
/// reference runs' and the buckets', which follows from the specification.
/// </remarks>
public static class RoundScorer
{
    private const double ReferenceShare = 0.7; // Of the time, for the reference runs: to tell how far it is.

    /// <summary>Scores a round.</summary>
    /// <param name="models">The models that the rounds started from, the first to this round's.</param>
    /// <param name="submissions">The round's submissions, earliest commitment first.</param>
    /// <param name="evaluation">The records of the round that score; the specification committed to them.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two training steps or updates.</param>
    /// <exception cref="ArgumentException">There is no model, or the evaluation records are more, fewer or of
    /// another fraction than the specification says.</exception>
    /// <exception cref="SpecException">The specification cannot be paid: see <see cref="PayableSpec"/>.</exception>
    public static RoundScore Score(
        IReadOnlyList<GlobalModel> models,
        IReadOnlyList<Submission> submissions,
        ScoringRecords evaluation,
        int threads = 1,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(submissions);
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentOutOfRangeException.ThrowIfZero(models.Count, nameof(models));
        GlobalModel start = models[^1];
        PayableSpec.Require(start.Spec);
        EvaluationSection section = start.Spec.Task!.Evaluation;
        if (evaluation.Count != section.Examples || evaluation.Fraction != section.Fraction)
        {
            throw new ArgumentException(
                $"Expected {section.Examples} records of fraction {section.Fraction}, as the specification says; got "
                + $"{evaluation.Count} of fraction {evaluation.Fraction}.",
                nameof(evaluation));
        }

        Dataset records = evaluation.ToDataset();
        RewardMeasure measure = RewardMeasure.Of(
            models, records, threads, Part(progress, 0, ReferenceShare), cancellationToken);
        IReadOnlyList<Paid> paid = Payments.Of(
            measure, submissions, threads, Part(progress, ReferenceShare, 1), cancellationToken);
        ParticipantScore[] scores = [.. paid.Select(one => one.Score).OrderBy(score => score.Index)];
        AggregationRound round = new(
            start, models.Count - 1, [.. submissions.Select(one => one.Index)], measure.MostSquared);
        Aggregate aggregate = Aggregate.Of(start.Spec.Task!.Aggregation, round);
        foreach (Paid one in paid.Where(one => one.Score.Points.Sign > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            aggregate.Add(one.Score.Index, one.Open().Delta); // The rule shortens, or does not.
        }

        GlobalModel next = start.Moved(aggregate.Finish());
        Training.Evaluation before = Quality(start, records);
        Training.Evaluation after = Quality(next, records);
        ScoreTrace trace = new(models.Count - 1, start.Hash, evaluation.Hash, measure);
        foreach (Paid one in paid)
        {
            trace.Add(one);
        }

        return new RoundScore(
            scores,
            next,
            measure.Direction.ToArray(),
            measure.Unpaid,
            measure.Cap,
            measure.ExpectedZ,
            before.Loss,
            after.Loss,
            after.Accuracy,
            trace.ToJson(next.Hash));
    }

    private static Progress? Part(IProgress<double>? whole, double from, double to) =>
        whole is null ? null : new Progress(whole, from, to);

    private static Training.Evaluation Quality(GlobalModel model, Dataset records)
    {
        Network network = Network.Create(model.Spec);
        network.Load(model.ToCheckpoint());
        return network.Evaluate(records);
    }

    private sealed class Progress(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + ((to - from) * value));
    }
}
