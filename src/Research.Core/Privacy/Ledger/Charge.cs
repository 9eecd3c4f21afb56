using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>A charge thought through: who pays what, before anything is written.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Plan">The plan: of a task whose rounds are reserved, of all rounds.</param>
/// <param name="IsReserved">Whether the plan is of all rounds, and this one draws on it.</param>
/// <param name="Groups">The records given, in groups that pay alike.</param>
/// <param name="Pays">Whether each group pays; false where it did before.</param>
/// <param name="Quote">What it costs.</param>
internal sealed record Charge(
    ReleasePurpose Purpose,
    IReadOnlyList<PrivacyEvent> Plan,
    bool IsReserved,
    List<RecordGroup> Groups,
    bool[] Pays,
    LedgerQuote Quote)
{
    /// <summary>Gets the groups that pay.</summary>
    public List<RecordGroup> Paying => [.. Groups.Where((_, i) => Pays[i])];
}
