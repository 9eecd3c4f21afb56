namespace Research.Privacy.Ledger;

/// <summary>What checking a ledger found.</summary>
/// <param name="IsIntact">Whether every line is what it was when written, in unbroken order, up to the last charge
/// seen or further.</param>
/// <param name="Line">Number of the first line at fault, from 1; 0 when intact, or where it is no line's fault.</param>
/// <param name="Problem">What differs there, expected and actual; empty when there is nothing.</param>
/// <param name="Entries">The entries before the fault.</param>
/// <param name="Head">Hash of the last good line; keep it elsewhere to notice a file that is gone, cut short
/// or restored from a backup together with its record of the last charge seen.</param>
public sealed record LedgerVerification(
    bool IsIntact, int Line, string Problem, IReadOnlyList<LedgerEntry> Entries, string Head)
{
    /// <summary>Gets the number of the last charge noted beside the file; null where there is none.</summary>
    public int? LastSeen { get; init; }
}
