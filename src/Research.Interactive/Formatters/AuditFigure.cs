using Research.Plotting;
using Research.Privacy.Auditing;

namespace Research.Interactive.Formatters;

/// <summary>How far apart the scores of members and others lie.</summary>
internal static class AuditFigure
{
    private const int Bins = 60;
    private const double Outside = 0.0005; // On either side: a few far scores would squeeze all others into one bin.

    /// <summary>Gets both distributions over common bins.</summary>
    public static Figure Of(AuditResult result)
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
