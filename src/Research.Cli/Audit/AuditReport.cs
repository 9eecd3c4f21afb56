using System.Globalization;
using System.Text;
using Research.Interactive.Formatters;
using Research.Interactive.Owner;
using Research.Privacy;
using Research.Privacy.Auditing;

namespace Research.Cli.Audit;

/// <summary>What an audit ends with, as text and as JSON.</summary>
internal static class AuditReport
{
    /// <summary>Writes claim, bounds, verdict and picture.</summary>
    public static string Text(AuditSubject subject, AuditResult result, TimeSpan elapsed)
    {
        string delta = EpsilonText.Exact(result.Delta);
        StringBuilder text = new();
        Line(text, "claimed", $"epsilon {EpsilonText.Spent(result.ClaimedEpsilon)} at delta {delta} "
            + $"({EpsilonText.Neighbours}; an upper bound)");
        Line(text, "audited", string.Create(
            CultureInfo.InvariantCulture,
            $"epsilon {EpsilonText.Left(result.AuditedEpsilon)} at least, with confidence {result.Confidence}: "
                + $"{Count(result.Trials, "canary", "canaries")}, {Count(result.Runs, "run", "runs")} of "
                + $"{Count(subject.Spec.Training.Steps, "step", "steps")}, "
                + $"{elapsed.TotalSeconds:0.0} s"));
        Line(text, "", $"{EpsilonText.Left(result.PlanEpsilon)} by the plan's whole privacy curve");
        Line(text, "", $"{EpsilonText.Left(result.ThresholdEpsilon)} by any mechanism's curve at this delta alone");
        Line(text, "", $"{EpsilonText.Left(result.OneRunEpsilon)} by guesses, however canaries may touch each other");
        Line(text, "verdict", AuditCard.Verdict(result));
        if (subject.IsDataOwn)
        {
            Line(text, "local only", AuditPlan.LocalOnly);
        }

        text.Append('\n').Append(AuditFigure.Of(result).ToText());
        return TerminalText.Clean(text.ToString());
    }

    /// <summary>Writes the same as one document.</summary>
    public static string Json(AuditSubject subject, AuditResult result, TimeSpan elapsed) => JsonReport.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", subject.Spec.Name);
        json.WriteString("spec", subject.Spec.Hash.ToString());
        json.WriteNumber("sampleRate", subject.Spec.Privacy!.SampleRate);
        json.WriteNumber("noiseMultiplier", subject.Spec.Privacy.NoiseMultiplier);
        json.WriteNumber("steps", subject.Spec.Training.Steps);
        json.WriteNumber("delta", result.Delta);
        json.WriteString("neighbours", EpsilonText.Neighbours);
        json.WriteNumber("claimedEpsilon", result.ClaimedEpsilon);
        json.WriteFinite("auditedEpsilon", result.AuditedEpsilon);
        json.WriteNumber("confidence", result.Confidence);
        json.WriteStartObject("bounds");
        json.WriteFinite("plan", result.PlanEpsilon);
        json.WriteFinite("threshold", result.ThresholdEpsilon);
        json.WriteFinite("oneRun", result.OneRunEpsilon);
        json.WriteEndObject();
        json.WriteBoolean("refuted", result.IsRefuted);
        json.WriteBoolean("localOnly", subject.IsDataOwn);
        json.WriteNumber("trials", result.Trials);
        json.WriteNumber("runs", result.Runs);
        json.WriteNumber("seconds", elapsed.TotalSeconds);
        json.WriteEndObject();
    });

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append($"{name,-12}").Append(value).Append('\n');
}
