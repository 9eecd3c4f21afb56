using System.Globalization;
using System.Numerics;
using Research.Federation.Aggregation;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Scoring;

/// <summary>Scores a round's updates by what they are worth to each other on held-out records.</summary>
/// <remarks>
/// An update's points are its Shapley value in the game v(S) = −(held-out loss of the starting model plus the mean of
/// S), in millionths of a nat summed over the records, each record's loss rounded once to an integer: from there on
/// everything is integer arithmetic, and the forward pass itself is deterministic to the bit (see Tensors), so every
/// machine gets the same points. Copies of an update committed earlier take no part, and get nothing.
///
/// Harm is sorted out first: while somebody is worth nothing or less, the least leaves and the rest are valued again.
/// Of the coalitions met on the way the one of greatest value is kept: its mean is the next model, and its members'
/// values in the game among themselves are the points. If none is better than no update at all, nobody is paid and the
/// model stays; so a round that pays has lowered the held-out loss.
/// </remarks>
public static class RoundScorer
{
    /// <summary>Units of loss to one nat.</summary>
    public const int UnitsPerNat = 1_000_000;

    private const double LargestLoss = 1000; // Nats; what a record costs whose loss is larger or not a number.

    /// <summary>Scores a round.</summary>
    /// <param name="start">The model that the round started from.</param>
    /// <param name="submissions">The round's submissions, earliest commitment first.</param>
    /// <param name="evaluation">The held-out records that the specification committed to.</param>
    /// <param name="beacon">The round's public randomness, unknown when updates were committed; 32 bytes.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between evaluations.</param>
    /// <exception cref="ArgumentException">The specification is no task.</exception>
    public static RoundScore Score(
        GlobalModel start,
        IReadOnlyList<Submission> submissions,
        EvaluationSet evaluation,
        ReadOnlySpan<byte> beacon,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(submissions);
        ArgumentNullException.ThrowIfNull(evaluation);
        TaskSection task = start.Spec.Task
            ?? throw new ArgumentException("Expected a specification with a task section.", nameof(start));

        Dataset records = Draw(evaluation.Records, task.Evaluation.Examples, new Beacon(beacon, "records"));
        ScoreTrace trace = new(start.Hash, beacon, records.Count);
        Dictionary<Submission, ParticipantScore> refused = Refused(submissions, task.Reward.CopySimilarity);
        Submission[] players = [.. submissions.Where(one => !refused.ContainsKey(one)).OrderBy(player => player.Index)];
        int[][] deltas = [.. players.Select(player => player.Update!.Delta.ToArray())];

        Evaluator evaluator = new(start, records);
        int coalitions = 0;
        double expected = Math.Min(Math.Pow(2, players.Length), (double)task.Reward.Permutations * players.Length);
        CoalitionGame game = new(members =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            long loss = evaluator.TotalLoss([.. members.Select(i => deltas[i])]);
            trace.Coalition([.. members.Select(i => players[i].Index)], loss);
            progress?.Report(Math.Min(1, ++coalitions / expected));
            return -loss;
        });

        (int[] kept, ShapleySum[] worths) =
            game.Sift(players.Length, task.Reward.Permutations, new Beacon(beacon, "orders"), cancellationToken);
        ParticipantScore[] scores =
        [
            .. players
                .Select((player, i) => Worth(player.Index, worths[i], kept.Contains(i), records.Count))
                .Concat(refused.Values)
                .OrderBy(score => score.Index),
        ];
        foreach (ParticipantScore score in scores)
        {
            trace.Score(score.Index, score.Points);
        }

        GlobalModel next = start.Average([.. kept.Select(player => players[player].Update!)]);
        (double lossBefore, double _) = evaluator.Quality(start);
        (double lossAfter, double accuracyAfter) = evaluator.Quality(next);
        return new RoundScore(scores, next, lossBefore, lossAfter, accuracyAfter, trace.ToJson(next.Hash));
    }

    private static Dataset Draw(Dataset records, int count, Beacon beacon)
    {
        if (count >= records.Count)
        {
            return records;
        }

        int[] order = [.. Enumerable.Range(0, records.Count)];
        beacon.Shuffle(order);
        return records.Select(order.AsSpan(0, count));
    }

    private static Dictionary<Submission, ParticipantScore> Refused(
        IReadOnlyList<Submission> submissions, double copySimilarity)
    {
        Dictionary<Submission, ParticipantScore> refused = [];
        foreach ((int i, Submission submission) in submissions.Index())
        {
            if (submission.Update is not { } update)
            {
                string problem = submission.Problem ?? "submitted no update";
                refused.Add(submission, new ParticipantScore(submission.Index, BigInteger.Zero, 0, problem));
                continue;
            }

            Submission? original = submissions.Take(i).FirstOrDefault(earlier =>
                earlier.Update is { } other && CopySimilarity.IsCopy(update.Delta, other.Delta, copySimilarity));
            if (original is not null)
            {
                double cosine = CopySimilarity.Cosine(update.Delta, original.Update!.Delta);
                string reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"copies the update of #{original.Index}, committed earlier (cosine {cosine:F3})");
                refused.Add(
                    submission, new ParticipantScore(submission.Index, BigInteger.Zero, 0, reason, original.Index));
            }
        }

        return refused;
    }

    private static ParticipantScore Worth(int index, ShapleySum worth, bool isKept, int records)
    {
        double gain = (double)worth.Sum / worth.Orders / records / UnitsPerNat;
        bool earns = isKept && worth.Sum.Sign > 0;
        string reason = (earns, gain > 0) switch
        {
            (true, _) => string.Create(CultureInfo.InvariantCulture, $"lowers the held-out loss by {gain:F3} nats"),
            (false, true) => "the round's model is better without it",
            _ => string.Create(CultureInfo.InvariantCulture, $"raises the held-out loss by {-gain:F3} nats"),
        };
        return new ParticipantScore(index, earns ? worth.Sum : BigInteger.Zero, gain, reason);
    }

    /// <summary>Holds one network and its buffers over the many evaluations of a round.</summary>
    private sealed class Evaluator(GlobalModel start, Dataset records)
    {
        private readonly Network _network = Network.Create(start.Spec);
        private readonly float[] _losses = new float[records.Count];

        public long TotalLoss(IReadOnlyList<int[]> deltas)
        {
            Load(start.AverageWeights(deltas));
            _network.Losses(records, _losses);
            long total = 0;
            foreach (float loss in _losses)
            {
                double nats = loss >= 0 && loss < LargestLoss ? loss : LargestLoss;
                total += (long)Math.Round(nats * UnitsPerNat, MidpointRounding.ToEven);
            }

            return total;
        }

        public (double Loss, double Accuracy) Quality(GlobalModel model)
        {
            Load(model.Weights);
            Evaluation quality = _network.Evaluate(records);
            return (quality.Loss, quality.Accuracy);
        }

        private void Load(ReadOnlySpan<int> weights)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                _network.Weights[i] = FixedPoint.Dequantise(weights[i]);
            }
        }
    }
}
