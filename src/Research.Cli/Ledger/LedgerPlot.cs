using System.Globalization;
using Research.Plotting;
using Research.Privacy.Ledger;

namespace Research.Cli.Ledger;

/// <summary>ε after each charge, as a figure and as a page.</summary>
internal static class LedgerPlot
{
    private const int MostBars = 12;
    private const int MostPoints = 400;

    /// <summary>Draws both ε of the last charges against the cap.</summary>
    public static Figure Figure(PrivacyLedger ledger)
    {
        double[] exact = [.. ledger.FixedPlanEpsilons(MostPoints)];
        LedgerEntry[] entries = [.. ledger.Entries.Skip(ledger.Entries.Count - exact.Length)];
        double[] spent = [.. entries.Select(entry => entry.EpsilonAfter)];
        string[] names = [.. entries.Select(entry => $"#{entry.Sequence}")];
        Figure figure = Plotting.Figure.Titled("ε after each charge");
        figure = entries.Length <= MostBars
            ? figure.Bars("by the filter", names, spent).Bars("if plans were fixed", names, exact)
            : figure.Line("by the filter", entries.Select(entry => entry.Sequence), spent)
                .Line("if plans were fixed", entries.Select(entry => entry.Sequence), exact)
                .WithAxes("charge", "ε");
        return figure.Reference(ledger.EpsilonCap, "cap");
    }

    /// <summary>Writes the whole ledger as one page.</summary>
    public static string Page(PrivacyLedger ledger, string path)
    {
        HtmlPage page = new HtmlPage($"Privacy ledger of {ledger.DataSet}")
            .Lead($"{path}. Neighbours: {EpsilonText.Neighbours}.")
            .Stats(
                new Stat("ε spent", EpsilonText.Spent(ledger.Epsilon), "by the filter, which enforces the cap"),
                new Stat("cap", EpsilonText.Exact(ledger.EpsilonCap), $"at δ {EpsilonText.Exact(ledger.Delta)}"),
                new Stat(
                    "ε if fixed",
                    EpsilonText.Spent(ledger.FixedPlanEpsilon),
                    "had all these plans been fixed in advance"))
            .KeyValues(LedgerReport.Lines(ledger, path));
        if (ledger.Entries.Count == 0)
        {
            return page.Text("No charge yet.").ToHtml();
        }

        double[] exact = [.. ledger.FixedPlanEpsilons(int.MaxValue)];
        return page
            .Figure(Figure(ledger))
            .Section("Charges")
            .Table(
                ["#", "time (UTC)", "purpose", "plan", "steps", "ε by the filter", "ε if fixed", "hash"],
                ledger.Entries.Select((entry, i) => (IReadOnlyList<string>)[
                    entry.Sequence.ToString(CultureInfo.InvariantCulture),
                    LedgerReport.Time(entry),
                    entry.Purpose,
                    EventText.Of(entry.Event),
                    entry.Event.Steps.ToString(CultureInfo.InvariantCulture),
                    EpsilonText.Spent(entry.EpsilonAfter),
                    EpsilonText.Spent(exact[i]),
                    entry.Hash]))
            .ToHtml();
    }
}
