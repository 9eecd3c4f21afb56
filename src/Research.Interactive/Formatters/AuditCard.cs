using System.Globalization;
using Research.Privacy;
using Research.Privacy.Auditing;

namespace Research.Interactive.Formatters;

/// <summary>An audit: claim, bounds, verdict and picture.</summary>
internal static class AuditCard
{
    public static Card Of(AuditResult result) => new Card($"Audit: {Verdict(result)}")
        .Line("claimed", $"ε {EpsilonText.Spent(result.ClaimedEpsilon)} at δ {EpsilonText.Exact(result.Delta)} "
            + $"({EpsilonText.Neighbours}; an upper bound)")
        .Line("audited", string.Create(
            CultureInfo.InvariantCulture,
            $"ε {EpsilonText.Left(result.AuditedEpsilon)} at least, with confidence {result.Confidence}: "
                + $"{result.Trials:N0} canaries, {result.Runs:N0} {(result.Runs == 1 ? "run" : "runs")}"))
        .Line("", $"{EpsilonText.Left(result.PlanEpsilon)} by the plan's whole privacy curve")
        .Line("", $"{EpsilonText.Left(result.ThresholdEpsilon)} by any mechanism's curve at this δ alone")
        .Line("", $"{EpsilonText.Left(result.OneRunEpsilon)} by guesses, however canaries may touch each other")
        .Figure(AuditFigure.Of(result));

    /// <summary>Says in a sentence what the bounds mean.</summary>
    public static string Verdict(AuditResult result) => result.IsRefuted
        ? "REFUTED: this trainer leaks more than is claimed"
        : "the claim stands: no canary was recognised more often than it allows";
}
