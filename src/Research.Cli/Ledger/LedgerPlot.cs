using System.Globalization;
using Research.Plotting;
using Research.Privacy.Ledger;

namespace Research.Cli.Ledger;

/// <summary>ε after each charge, as a figure and as a page for the ledger's owner.</summary>
internal static class LedgerPlot
{
    private const int MostBars = 12;
    private const int MostPoints = 400;

    /// <summary>Draws ε after the last charges against the cap.</summary>
    public static Figure Figure(PrivacyLedger ledger)
    {
        IReadOnlyList<LedgerEntry> all = ledger.Entries;
        LedgerEntry[] entries = [.. all.Skip(all.Count - MostPoints)];
        double[] spent = [.. entries.Select(entry => entry.Epsilon)];
        Figure figure = Plotting.Figure.Titled("ε of the records given, after each charge");
        figure = entries.Length <= MostBars
            ? figure.Bars("the most charged of them", [.. entries.Select(entry => $"#{entry.Sequence}")], spent)
            : figure.Line("the most charged of them", entries.Select(entry => entry.Sequence), spent)
                .WithAxes("charge", "ε");
        return figure.Reference(ledger.EpsilonCap, "cap");
    }

    /// <summary>Writes the whole ledger as one page.</summary>
    public static string Page(PrivacyLedger ledger)
    {
        HtmlPage page = new HtmlPage("Privacy ledger")
            .Lead("For its owner alone: how many records there are is not private. research ledger statement writes "
                + "what others may see.")
            .Stats(
                new Stat("ε spent", EpsilonText.Spent(ledger.Epsilon), "by the most charged record"),
                new Stat("cap", EpsilonText.Exact(ledger.EpsilonCap), $"at δ {EpsilonText.Exact(ledger.Delta)}"))
            .KeyValues(LedgerReport.Lines(ledger));
        if (ledger.Entries.Count == 0)
        {
            return page.Text("No charge yet.").ToHtml();
        }

        return page
            .Figure(Figure(ledger))
            .Section("Charges")
            .Table(
                ["#", "time (UTC)", "purpose", "plan", "steps", "ε after", "hash"],
                ledger.Entries.Select(entry => (IReadOnlyList<string>)[
                    entry.Sequence.ToString(CultureInfo.InvariantCulture),
                    LedgerReport.Time(entry),
                    (entry.IsNoiseSecret ? "" : "NOT PRIVATE (seeded noise): ") + LedgerReport.Purpose(entry.Purpose),
                    LedgerReport.Plan(entry),
                    LedgerReport.Steps(entry),
                    EpsilonText.Spent(entry.Epsilon),
                    entry.Hash]))
            .ToHtml();
    }
}
