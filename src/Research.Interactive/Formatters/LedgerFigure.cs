using System.Globalization;
using Research.Plotting;
using Research.Privacy.Ledger;

namespace Research.Interactive.Formatters;

/// <summary>ε after each charge of a ledger.</summary>
internal static class LedgerFigure
{
    private const int MostBars = 12;
    private const int MostPoints = 400;

    /// <summary>Draws ε after the last charges against the cap.</summary>
    public static Figure Of(PrivacyLedger ledger)
    {
        IReadOnlyList<LedgerEntry> all = ledger.Entries;
        LedgerEntry[] entries = [.. all.Skip(all.Count - MostPoints)];
        double[] spent = [.. entries.Select(entry => entry.Epsilon)];
        Figure figure = Figure.Titled("ε of the records given, after each charge");
        figure = entries.Length <= MostBars
            ? figure.Bars("the most charged of them", [.. entries.Select(Name)], spent)
            : figure.Line("the most charged of them", entries.Select(entry => entry.Sequence), spent)
                .WithAxes("charge", "ε");
        return figure.Reference(ledger.EpsilonCap, "cap");
    }

    private static string Name(LedgerEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"#{entry.Sequence}");
}
