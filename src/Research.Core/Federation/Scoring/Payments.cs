using System.Globalization;
using System.Numerics;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>A submission as measured and paid.</summary>
/// <param name="Submission">The submission.</param>
/// <param name="Update">The name of its update; null where there is none.</param>
/// <param name="Shortening">What it is shortened by before anything counts.</param>
/// <param name="Measure">What it is then by itself.</param>
/// <param name="Score">What it earns, and why.</param>
internal sealed record Paid(
    Submission Submission, ContentHash? Update, Shortening Shortening, UpdateMeasure Measure, ParticipantScore Score)
{
    /// <summary>Opens the update again.</summary>
    public ModelUpdate Open() => Submission.OpenAgain(Update!.Value);

    /// <summary>Opens it as it counts in pay: shortened, [P] in units.</summary>
    public int[] OpenCounted() => Shortening.Apply(Open().Delta);
}

/// <summary>Turns measures into points: who is refused, who sent the same work as somebody before, who earns what.</summary>
internal static class Payments
{
    /// <summary>Measures and pays a round's submissions.</summary>
    /// <param name="measure">The round's measure.</param>
    /// <param name="submissions">The submissions, earliest commitment first.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two updates.</param>
    /// <returns>One for each, in their order.</returns>
    public static IReadOnlyList<Paid> Of(
        RewardMeasure measure,
        IReadOnlyList<Submission> submissions,
        int threads,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        Paid[] paid = new Paid[submissions.Count];
        bool[] stands = new bool[submissions.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        BigInteger mostSquared = measure.MostSquared;
        ParallelLoop.For(paid.Length, options, i => (paid[i], stands[i]) = Alone(measure, mostSquared, submissions[i]));

        int[] standing = [.. Enumerable.Range(0, paid.Length).Where(i => stands[i])];
        Purse[] purses = [.. standing.Select(_ => new Purse())];
        SharedNoise.Explanation?[] explained = SharedNoise.Find(
            sources => measure.LeastApartFrom(sources, standing.Length),
            measure.Direction.Length,
            [.. standing.Select(i => paid[i])],
            threads,
            progress,
            cancellationToken);
        for (int place = 0; place < standing.Length; place++)
        {
            Paid one = paid[standing[place]];
            if (explained[place] is { } by)
            {
                purses[place] = purses[by.Place];
                paid[standing[place]] = Further(measure, one, paid[standing[by.Place]], by.Own, purses[place]);
            }
            else
            {
                purses[place].Points = one.Score.Points;
            }
        }

        return paid;
    }

    // As if nobody else were there.
    private static (Paid Paid, bool Stands) Alone(
        RewardMeasure measure, BigInteger mostSquared, Submission submission)
    {
        (ModelUpdate? update, string problem) = submission.Open();
        if (update is null)
        {
            ParticipantScore none = new(submission.Index, BigInteger.Zero, 0, problem);
            return (new Paid(submission, null, default, default, none), false);
        }

        Shortening shortening = Shortening.Of(WideVectors.Dot(update.Delta, update.Delta), mostSquared);
        UpdateMeasure found = measure.Measure(shortening.IsNone ? update.Delta : shortening.Apply(update.Delta));
        double share = measure.Cap.Sign > 0 ? (double)found.Signal / (double)measure.Cap : 0;
        string? refusal = Refusal(measure, found);
        BigInteger points = refusal is null ? measure.PointsOf(found.Signal) : BigInteger.Zero;
        string reason = refusal ?? string.Create(
            CultureInfo.InvariantCulture,
            $"earns {(double)points / RewardMeasure.FullPoints:0.00} of a full share (its signal: {share:0.00})");
        ParticipantScore score = new(submission.Index, points, share, reason);
        return (new Paid(submission, update.Hash, shortening, found, score), refusal is null);
    }

    private static string? Refusal(RewardMeasure measure, UpdateMeasure found) =>
        found.Squared.IsZero ? "changes nothing"
        : measure.Cap.IsZero ? "the round's records cannot tell help from noise: nor could any owner's update be told"
        : !found.HasNoise ? string.Create(
            CultureInfo.InvariantCulture,
            $"lacks the noise that the specification asks for: {Ratio(found.Beside, measure.LeastEnergy):0.00} of the "
            + $"least that an honest update carries")
        : found.Signal.Sign <= 0 ? "moves the model where the fresh records do not want it"
        : !found.IsSignificant ? string.Create(
            CultureInfo.InvariantCulture,
            $"cannot be told from noise: its signal is {found.Z:0.0} standard deviations of it")
        : null;

    // Paid once: a later one by the signal of what earlier ones leave of it, where that is more than noise.
    private static Paid Further(RewardMeasure measure, Paid one, Paid original, BigInteger own, Purse purse)
    {
        BigInteger added = own <= measure.LeastSignal
            ? BigInteger.Zero
            : BigInteger.Min(measure.PointsOf(own), RewardMeasure.FullPoints - purse.Points);
        purse.Points += added;
        return one with
        {
            Score = one.Score with
            {
                Points = added,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"has the noise of #{original.Score.Index}, committed earlier: the same work is paid once"),
                CopyOf = original.Score.Index,
            },
        };
    }

    private static double Ratio(BigInteger value, BigInteger of) =>
        of.IsZero ? 0 : Math.Exp(BigInteger.Log(BigInteger.Max(value, BigInteger.One)) - BigInteger.Log(of));

    // What a piece of work has earned, whoever sent it.
    private sealed class Purse
    {
        public BigInteger Points { get; set; }
    }
}
