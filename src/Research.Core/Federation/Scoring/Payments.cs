using System.Globalization;
using System.Numerics;
using Research.Federation.Rewards;

namespace Research.Federation.Scoring;

/// <summary>A submission as measured and paid.</summary>
internal sealed record Paid(ParticipantScore Score, ModelUpdate? Update, UpdateMeasure Measure);

/// <summary>Turns measures into points: who is refused, who sent the same work as somebody before, who earns what.</summary>
internal static class Payments
{
    public static IEnumerable<Paid> Of(
        RewardMeasure measure, IReadOnlyList<Submission> submissions, CancellationToken cancellationToken)
    {
        List<Worker> workers = []; // Those who earn, earliest commitment first.
        foreach (Submission submission in submissions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (submission.Update is not { } update)
            {
                string problem = submission.Problem ?? "submitted no update";
                yield return new Paid(new ParticipantScore(submission.Index, BigInteger.Zero, 0, problem), null, default);
                continue;
            }

            UpdateMeasure found = measure.Measure(update.Delta);
            double share = measure.Cap.Sign > 0 ? (double)found.Signal / (double)measure.Cap : 0;
            if (Refusal(measure, found) is { } reason)
            {
                yield return new Paid(
                    new ParticipantScore(submission.Index, BigInteger.Zero, share, reason), update, found);
                continue;
            }

            yield return new Paid(Earn(measure, workers, submission.Index, update, found, share), update, found);
        }
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

    private static ParticipantScore Earn(
        RewardMeasure measure, List<Worker> workers, int index, ModelUpdate update, UpdateMeasure found, double share)
    {
        BigInteger points = measure.PointsOf(found.Signal);
        Worker? original = workers.FirstOrDefault(earlier => IsSameWork(measure, update, found, earlier));
        if (original is null)
        {
            workers.Add(new Worker(index, update, found, new Purse { Points = points }));
            string reason = string.Create(
                CultureInfo.InvariantCulture,
                $"earns {(double)points / RewardMeasure.FullPoints:0.00} of a full share (its signal: {share:0.00})");
            return new ParticipantScore(index, points, share, reason);
        }

        // Paid once: a later one by the signal of what no multiple of the earlier explains, where that is more than noise.
        BigInteger dot = WideVectors.Dot(update.Delta, original.Update.Delta);
        BigInteger own = found.Signal - (dot * original.Measure.Signal / original.Measure.Squared);
        BigInteger added = own <= measure.LeastSignal
            ? BigInteger.Zero
            : BigInteger.Min(measure.PointsOf(own), RewardMeasure.FullPoints - original.Purse.Points);
        original.Purse.Points += added;
        workers.Add(new Worker(index, update, found, original.Purse));
        return new ParticipantScore(
            index,
            added,
            share,
            string.Create(
                CultureInfo.InvariantCulture,
                $"has the noise of #{original.Index}, committed earlier: the same work is paid once"),
            original.Index);
    }

    // What of an update no multiple of the other explains: of two independent ones, the noise of one at least.
    private static bool IsSameWork(RewardMeasure measure, ModelUpdate update, UpdateMeasure found, Worker earlier)
    {
        BigInteger dot = WideVectors.Dot(update.Delta, earlier.Update.Delta);
        return found.Squared - (dot * dot / earlier.Measure.Squared) <= measure.LeastApart;
    }

    private static double Ratio(BigInteger value, BigInteger of) =>
        of.IsZero ? 0 : Math.Exp(BigInteger.Log(BigInteger.Max(value, BigInteger.One)) - BigInteger.Log(of));

    private sealed record Worker(int Index, ModelUpdate Update, UpdateMeasure Measure, Purse Purse);

    private sealed class Purse
    {
        public BigInteger Points { get; set; }
    }
}
