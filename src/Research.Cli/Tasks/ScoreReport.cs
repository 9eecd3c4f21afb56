using System.Globalization;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Scoring;
using Research.Market;

namespace Research.Cli.Tasks;

/// <summary>A round's re-executed scores beside what was posted.</summary>
internal static class ScoreReport
{
    /// <summary>Adds scores, rewards and hashes.</summary>
    public static void AddScores(VerbReport report, ulong id, ScoredRound scored)
    {
        RoundScore score = scored.Score;
        report.Line(
            "scored",
            $"round {scored.Round + 1} of task {id}, "
            + $"{scored.Reveals.Count} {(scored.Reveals.Count == 1 ? "update" : "updates")}");
        report.Line("model", string.Create(
            CultureInfo.InvariantCulture,
            $"held-out loss {score.LossBefore:0.0000} to {score.LossAfter:0.0000} nats, "
            + $"accuracy {score.AccuracyAfter * 100:0.00} % ({score.NextModel.Hash})"));
        JsonArray participants = [];
        foreach (RewardClaim claim in scored.Claims.Claims)
        {
            ParticipantScore one = score.Participants[claim.Index];
            report.Line($"#{claim.Index}", $"{claim.Participant} {claim.Amount}: {one.Reason}");
            participants.Add(new JsonObject
            {
                ["index"] = claim.Index,
                ["participant"] = claim.Participant.ToString(),
                ["rewardWei"] = VerbReport.Json(claim.Amount),
                ["points"] = one.Points.ToString(CultureInfo.InvariantCulture),
                ["share"] = one.Share,
                ["reason"] = one.Reason,
                ["copyOf"] = one.CopyOf,
            });
        }

        report.Line("root", $"{scored.Claims.Root}, total {scored.Claims.Total}");
        report.Field("task", id).Field("round", scored.Round + 1).Field("participants", participants);
        report.Field("lossBefore", Finite(score.LossBefore)).Field("lossAfter", Finite(score.LossAfter))
            .Field("accuracy", Finite(score.AccuracyAfter));
        report.Field("root", scored.Claims.Root.ToString()).Field("totalWei", VerbReport.Json(scored.Claims.Total));
        report.Field("model", score.NextModel.Hash.ToString()).Field("trace", score.TraceRoot.ToString());
    }

    /// <summary>Adds who posted what, and how it compares.</summary>
    public static void AddComparison(VerbReport report, Address poster, IReadOnlyList<string> differences)
    {
        bool isPosted = !poster.IsZero;
        report.Field("poster", VerbReport.Json(poster));
        report.Field("agrees", isPosted ? differences.Count == 0 : null);
        report.Field(
            "differences", new JsonArray([.. (isPosted ? differences : []).Select(one => JsonValue.Create(one))]));
        if (!isPosted)
        {
            report.Line("posted", "nothing yet");
            return;
        }

        report.Line("posted", $"by {poster}, {(differences.Count == 0 ? "agrees to the bit" : "DIFFERS")}");
        foreach (string difference in differences)
        {
            report.Line("", difference);
        }
    }

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
