using System.Globalization;
using Research.Privacy;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Interactive.Formatters;

/// <summary>A ledger's parts in words.</summary>
internal static class LedgerText
{
    /// <summary>Writes when an entry was charged, in UTC.</summary>
    public static string Time(LedgerEntry entry) =>
        entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Writes what a release was for, and of a task the round.</summary>
    public static string Purpose(ReleasePurpose purpose) => purpose.Specification is null
        ? purpose.Text
        : string.Create(CultureInfo.InvariantCulture, $"{purpose.Text}, round {purpose.Round + 1} of {purpose.Rounds}");

    /// <summary>Writes how several plans are counted together.</summary>
    public static string Filter(PrivacyLedger ledger)
    {
        string how = ledger.Filter == LedgerFilter.Gaussian
            ? "Gaussian differential privacy"
            : $"Rényi, order {EpsilonText.Exact(ledger.Order!.Value)}";
        return $"{how}: a record's first plan counts exactly, from the second on all count as chosen adaptively";
    }

    /// <summary>Writes a plan: each event with its steps.</summary>
    public static string PlanWithSteps(IReadOnlyList<PrivacyEvent> plan) => string.Join(
        "; ",
        plan.Select(e => string.Create(CultureInfo.InvariantCulture, $"{EventText.Of(e)}, {e.Steps:N0} steps")));

    /// <summary>Says whether noise was secret.</summary>
    public static string Noise(bool isSecret) => isSecret ? "secret" : "SEEDED: NOT PRIVATE";
}
