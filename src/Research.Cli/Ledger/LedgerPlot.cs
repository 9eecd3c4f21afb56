using System.Globalization;
using Research.Interactive.Formatters;
using Research.Plotting;
using Research.Privacy;
using Research.Privacy.Ledger;

namespace Research.Cli.Ledger;

/// <summary>A ledger as a page for the ledger's owner.</summary>
internal static class LedgerPlot
{
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
            .Figure(LedgerFigure.Of(ledger))
            .Section("Charges")
            .Table(
                ["#", "time (UTC)", "purpose", "plan", "steps", "ε after", "hash"],
                ledger.Entries.Select(entry => (IReadOnlyList<string>)[
                    entry.Sequence.ToString(CultureInfo.InvariantCulture),
                    LedgerText.Time(entry),
                    (entry.IsNoiseSecret ? "" : "NOT PRIVATE (seeded noise): ") + LedgerText.Purpose(entry.Purpose),
                    LedgerReport.Plan(entry),
                    LedgerReport.Steps(entry),
                    EpsilonText.Spent(entry.Epsilon),
                    entry.Hash]))
            .ToHtml();
    }
}
