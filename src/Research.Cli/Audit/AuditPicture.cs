using System.Globalization;
using System.Text;
using Research.Interactive.Formatters;
using Research.Interactive.Owner;
using Research.Plotting;
using Research.Privacy;
using Research.Privacy.Auditing;

namespace Research.Cli.Audit;

/// <summary>An audit as a page.</summary>
internal static class AuditPicture
{
    /// <summary>Gets the page that <c>--html</c> asks for.</summary>
    public static byte[] Page(AuditSubject subject, AuditResult result)
    {
        string confidence = result.Confidence.ToString("0.##%", CultureInfo.InvariantCulture);
        HtmlPage page = new HtmlPage($"Audit of {subject.Name}")
            .Lead($"Specification {subject.Spec.Hash}")
            .Stats(
                new Stat("Claimed ε", EpsilonText.Spent(result.ClaimedEpsilon), "nats, at most"),
                new Stat("Audited ε", EpsilonText.Left(result.AuditedEpsilon), $"nats, at least, at {confidence}"),
                new Stat("Canaries", result.Trials.ToString("N0", CultureInfo.InvariantCulture)));
        if (subject.IsDataOwn)
        {
            page.Callout(CalloutKind.Warning, "Local only", AuditPlan.LocalOnly);
        }

        if (result.IsRefuted)
        {
            page.Callout(CalloutKind.Warning, "Refuted", AuditCard.Verdict(result));
        }

        return Encoding.UTF8.GetBytes(page.Figure(AuditFigure.Of(result)).ToHtml());
    }
}
