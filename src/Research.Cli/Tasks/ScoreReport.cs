using System.Globalization;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Federation.Scoring;
using Research.Market;

namespace Research.Cli.Tasks;

/// <summary>A round's re-executed scores beside what was claimed.</summary>
internal static class ScoreReport
{
    /// <summary>Adds scores, rewards and hashes.</summary>
    public static void AddScores(VerbReport report, OpenTask task, ScoredRound scored, Currency currency)
    {
        RoundScore score = scored.Score;
        report.Line(
            "scored",
            $"round {scored.Round + 1} of task {task.Id}, "
            + $"{scored.Reveals.Count} {(scored.Reveals.Count == 1 ? "update" : "updates")}");
        report.Line("scored on", LockReport.ScoredOn(task.Spec));
        report.Line("model", string.Create(
            CultureInfo.InvariantCulture,
            $"held-out loss {score.LossBefore:0.0000} to {score.LossAfter:0.0000} nats, "
            + $"accuracy {score.AccuracyAfter * 100:0.00} %, {score.RightAfter} right ({score.NextModel.Hash})"));
        JsonArray participants = [];
        foreach (Reward reward in scored.Results.Rewards)
        {
            ParticipantScore one = score.Participants[reward.Index];
            report.Line(
                $"#{reward.Index}", $"{reward.Participant} {currency.Of(scored.AmountOf(reward.Index))}: {one.Reason}");
            participants.Add(new JsonObject
            {
                ["index"] = reward.Index,
                ["participant"] = reward.Participant.ToString(),
                ["reward"] = VerbReport.Json(scored.AmountOf(reward.Index)),
                ["points"] = reward.Points.ToString(CultureInfo.InvariantCulture),
                ["share"] = one.Share,
                ["reason"] = one.Reason,
                ["copyOf"] = one.CopyOf,
            });
        }

        report.Line("pays", string.Create(
            CultureInfo.InvariantCulture,
            $"from {currency.Of(scored.Pool)}, all of it from {scored.Divisor:N0} points on; "
            + $"{scored.Results.Total:N0} earned"));
        report.Line("results", scored.Results.Root.ToString());
        report.Field("task", task.Id).Field("round", scored.Round + 1).Field("participants", participants);
        report.Field("examples", task.Spec.Task!.Evaluation.Examples);
        report.Field("lossBefore", Finite(score.LossBefore)).Field("lossAfter", Finite(score.LossAfter))
            .Field("accuracy", Finite(score.AccuracyAfter)).Field("right", score.RightAfter);
        report.Field("resultsRoot", scored.Results.Root.ToString())
            .Field("total", scored.Results.Total.ToString(CultureInfo.InvariantCulture))
            .Field("divisor", scored.Divisor.ToString(CultureInfo.InvariantCulture))
            .Field("pool", VerbReport.Json(scored.Pool)).Field("currency", currency.ToJson());
        report.Field("model", score.NextModel.Hash.ToString()).Field("trace", score.TraceRoot.ToString());
    }

    /// <summary>Adds who claimed what, and how it compares.</summary>
    /// <returns>Whether the claim that leads is what was computed; null where none does.</returns>
    public static bool? AddComparison(
        VerbReport report, int lead, IReadOnlyList<(ClaimPosted Claim, IReadOnlyList<string> Differences)> compared)
    {
        bool? agrees = null;
        JsonArray claims = [];
        foreach ((ClaimPosted claim, IReadOnlyList<string> differences) in compared)
        {
            bool isLead = claim.Place == lead;
            agrees = isLead ? differences.Count == 0 : agrees;
            report.Line(
                $"claim {claim.Place + 1}",
                $"by {claim.Claimant}, {(differences.Count == 0 ? "agrees to the bit" : "DIFFERS")}"
                + (isLead ? "; it leads" : ""));
            foreach (string difference in differences)
            {
                report.Line("", difference);
            }

            claims.Add(new JsonObject
            {
                ["place"] = claim.Place + 1,
                ["claimant"] = claim.Claimant.ToString(),
                ["leads"] = isLead,
                ["agrees"] = differences.Count == 0,
                ["differences"] = new JsonArray([.. differences.Select(one => JsonValue.Create(one))]),
            });
        }

        if (compared.Count == 0)
        {
            report.Line("claimed", "nothing yet");
        }

        report.Field("claims", claims).Field("agrees", agrees);
        return agrees;
    }

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
