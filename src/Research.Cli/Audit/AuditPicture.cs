using System.Globalization;
using System.Text;
using Research.Plotting;
using Research.Privacy.Auditing;

namespace Research.Cli.Audit;

/// <summary>How far apart the scores of members and others lie.</summary>
internal static class AuditPicture
{
    private const int Bins = 60;
    private const double Outside = 0.0005; // On either side: a few far scores would squeeze all others into one bin.

    /// <summary>Gets both distributions over common bins.</summary>
    public static Figure Draw(AuditResult result)
    {
        double[] all = [.. result.MemberScores, .. result.OtherScores];
        Array.Sort(all);
        double low = all[(int)(Outside * all.Length)];
        double high = all[(int)((1 - Outside) * (all.Length - 1))];
        double width = high > low ? (high - low) / Bins : 1;
        double[] centres = [.. Enumerable.Range(0, Bins).Select(i => low + ((i + 0.5) * width))];
        return Figure.Titled("Scores of canaries: what the noisy sums say about each")
            .WithSubtitle("the farther apart, the larger epsilon; equal curves: nothing leaks")
            .Line("in the data", centres, Share(result.MemberScores, low, width))
            .Line("not in the data", centres, Share(result.OtherScores, low, width))
            .WithAxes("log-likelihood ratio of membership", "share of canaries (%)");
    }

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
            page.Callout(CalloutKind.Warning, "Local only", AuditSubject.LocalOnly);
        }

        if (result.IsRefuted)
        {
            page.Callout(CalloutKind.Warning, "Refuted", AuditReport.Verdict(result));
        }

        return Encoding.UTF8.GetBytes(page.Figure(Draw(result)).ToHtml());
    }

    private static double[] Share(IReadOnlyList<double> scores, double low, double width)
    {
        double[] share = new double[Bins];
        foreach (double score in scores)
        {
            int bin = (int)Math.Clamp((score - low) / width, 0, Bins - 1);
            share[bin] += 100.0 / scores.Count;
        }

        return share;
    }
}
