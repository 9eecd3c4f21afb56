using System.Globalization;
using Research.Plotting;
using Research.Privacy;
using Research.Privacy.Ledger;

namespace Research.Interactive.Formatters;

/// <summary>A ledger and what is in it: nothing of its records, of its key or of where that is kept.</summary>
internal static class LedgerCard
{
    private const int MostRows = 40;

    private const string ForOwnerAlone = "For its owner alone: what records have spent depends on them. Clear this output "
        + "before the notebook is shared; PrivacyLedger.Statement writes what others may see.";

    public static Card Of(PrivacyLedger ledger)
    {
        Card card = new Card("PrivacyLedger")
            .Line("cap", $"ε {EpsilonText.Exact(ledger.EpsilonCap)} at δ {EpsilonText.Exact(ledger.Delta)} for every record "
                + $"({EpsilonText.Neighbours}, or one unit)")
            .Line("spent", $"ε {EpsilonText.Spent(ledger.Epsilon)} by the most charged record, "
                + $"{EpsilonText.Left(ledger.EpsilonCap - ledger.Epsilon)} left to it")
            .Line("filter", LedgerText.Filter(ledger));
        if (!ledger.IsMade)
        {
            return card.Note("It is not made yet: its first charge makes it.");
        }

        IReadOnlyList<LedgerEntry> entries = ledger.Entries;
        card.Line("head", ledger.Head)
            .Line("charges", entries.Count.ToString(CultureInfo.InvariantCulture));
        if (entries.Count > 0)
        {
            card.Table(ResultTable.Of(entries.TakeLast(MostRows).Select(Row))).Figure(LedgerFigure.Of(ledger));
        }

        return card.Note(ForOwnerAlone);
    }

    public static Card Of(LedgerEntry entry) => new Card(
            string.Create(CultureInfo.InvariantCulture, $"LedgerEntry {entry.Sequence}"))
        .Line("time (UTC)", LedgerText.Time(entry))
        .Line("purpose", LedgerText.Purpose(entry.Purpose))
        .Line("plan", LedgerText.PlanWithSteps(entry.Plan))
        .Line("ε after", $"{EpsilonText.Spent(entry.Epsilon)}, of the most charged record given ({EpsilonText.Neighbours})")
        .Line("noise", LedgerText.Noise(entry.IsNoiseSecret))
        .Line("hash", entry.Hash);

    public static Card Of(LedgerVerification verification)
    {
        Card card = new Card(verification.IsIntact ? "Ledger: intact" : "Ledger: DAMAGED")
            .Line("charges", verification.Entries.Count.ToString(CultureInfo.InvariantCulture))
            .Line("head", verification.Head)
            .Line("last seen", verification.LastSeen?.ToString(CultureInfo.InvariantCulture) ?? "no charge was seen before");
        return verification.IsIntact ? card : card
            .Line("line", verification.Line.ToString(CultureInfo.InvariantCulture))
            .Line("problem", verification.Problem);
    }

    private static EntryRow Row(LedgerEntry entry) => new(
        entry.Sequence.ToString(CultureInfo.InvariantCulture),
        LedgerText.Time(entry),
        (entry.IsNoiseSecret ? "" : "NOT PRIVATE (seeded noise): ") + LedgerText.Purpose(entry.Purpose),
        LedgerText.PlanWithSteps(entry.Plan),
        EpsilonText.Spent(entry.Epsilon));

    private sealed record EntryRow(string Charge, string Time, string Purpose, string Plan, string EpsilonAfter);
}
