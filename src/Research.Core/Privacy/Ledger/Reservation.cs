using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>All rounds of a task, paid for together with the first.</summary>
/// <param name="Whole">The plan of all rounds.</param>
internal sealed record Reservation(IReadOnlyList<PrivacyEvent> Whole)
{
    /// <summary>Gets the rounds that were released: each draws once.</summary>
    public HashSet<int> Drawn { get; } = [];
}
