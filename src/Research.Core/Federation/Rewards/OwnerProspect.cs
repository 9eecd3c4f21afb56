using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Rewards;

/// <summary>What an owner of so many records can expect of a task, simulated on its opened records before it
/// trains.</summary>
/// <remarks>
/// The rule measures a full share by reference runs of owners with the quota of records,
/// <see cref="RewardSection.Records"/>. An owner of fewer has less signal over the same noise. One of more has a longer
/// update: it counts with no more than the longest reference run's length, its noise shortened with it, and what is left
/// of that below <see cref="RewardSection.NoiseFloor"/> earns nothing, as an update that lacks noise does
/// (contracts/SCORING.md, section 4: <c>count</c>, <c>E</c>, <c>noisy</c>). Simulated are owners who have the opened
/// records themselves, in the first round, each alone: what earlier commitments explain of an update is left out. So
/// this is what one can hope for with few records; other records than those that score earn less, and with many fall
/// behind the noise later.
/// </remarks>
/// <param name="Records">The owner's records.</param>
/// <param name="Quota">The records that a full share is paid for.</param>
/// <param name="Share">What such owners earn on average, of a full share, 0 to 1.</param>
/// <param name="PaidShare">The share of such owners who earn anything, 0 to 1.</param>
/// <param name="LacksNoiseShare">The share of such owners whose shortened noise is less than the least, 0 to 1.</param>
public sealed record OwnerProspect(int Records, int Quota, double Share, double PaidShare, double LacksNoiseShare)
{
    private const int MostOwners = 8; // Each is a reference run more.
    private const long MostBytes = 1L << 30; // Of the traces: half a minute on two cores.

    /// <summary>Simulates owners of a number of records.</summary>
    /// <param name="spec">A task.</param>
    /// <param name="records">How many they have, 1 or more.</param>
    /// <param name="sample">What theirs are like: a round's opened records.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>What they earn; null where scoring takes so long that nobody wants to wait for it before
    /// training.</returns>
    /// <exception cref="SpecException">The specification cannot be paid: see <see cref="PayableSpec"/>; or no program
    /// can hold what so
    /// many records sum to.</exception>
    public static OwnerProspect? Of(
        ModelSpec spec, int records, Dataset sample, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfLessThan(records, 1);
        PayableSpec.Require(spec);
        TaskSection task = spec.Task!;
        ModelSpec rehearsed = spec with
        {
            Task = task with { Evaluation = task.Evaluation with { Examples = sample.Count } },
        };
        ModelSpec owners = rehearsed with
        {
            Task = rehearsed.Task! with
            {
                Reward = task.Reward with
                {
                    Records = records,
                    References = Math.Min(MostOwners, task.Reward.References),
                },
            },
        };
        if (ScoringProgram.Of(rehearsed, 0).Bytes.At(1) + ScoringProgram.Of(owners, 0).Bytes.At(1) > MostBytes)
        {
            return null;
        }

        ScoringRecords scoring = TaskProspect.Scoring(rehearsed, sample);
        int[][] updates;
        using (RoundTrace alone = TaskProspect.Score(owners, [], scoring, threads, cancellationToken).Trace)
        {
            updates = TaskProspect.References(alone);
        }

        RoundScore score = TaskProspect.Score(rehearsed, updates, scoring, threads, cancellationToken);
        using RoundTrace trace = score.Trace;
        double[] shares = [.. score.Participants.Select(one => ShareOf(score, one))];
        return new OwnerProspect(
            records,
            task.Reward.Records,
            shares.Average(),
            shares.Count(share => share > 0) / (double)shares.Length,
            score.Participants.Count(one => one.Verdict == Verdict.LacksNoise) / (double)shares.Length);
    }

    // They are of the same records here: what one explains of another says nothing of owners with records of their own.
    private static double ShareOf(RoundScore score, ParticipantScore one) =>
        one.Verdict is Verdict.Paid or Verdict.SameWork
            ? Math.Clamp((one.Signal - score.Unpaid) / (score.Cap - score.Unpaid), 0, 1)
            : 0;
}
