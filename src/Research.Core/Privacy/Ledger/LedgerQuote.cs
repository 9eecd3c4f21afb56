namespace Research.Privacy.Ledger;

/// <summary>What a plan would cost records with the history that they have; nothing is written.</summary>
/// <param name="Run">ε of the plan alone, fixed before its first release; of a task, of all its rounds.</param>
/// <param name="Before">The largest ε of those records as they are.</param>
/// <param name="After">The largest ε of those records with the plan; infinite where there is too little noise.</param>
/// <param name="Cap">The owner's cap.</param>
/// <param name="Delta">The owner's δ, at which all of these are.</param>
/// <param name="IsPaid">Whether an earlier round of the task, or an earlier charge of the run, paid for all records.</param>
/// <param name="Rows">The most rows of a unit, which are counted as a group. It is not private: keep it local.</param>
public sealed record LedgerQuote(
    double Run, double Before, double After, double Cap, double Delta, bool IsPaid, int Rows = 1)
{
    /// <summary>Gets whether the ledger would accept it.</summary>
    public bool Fits => IsPaid || After <= Cap;

    /// <summary>Gets whether this round of the task was released from some of these records before: another release of it is
    /// charged by itself.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>
    /// Gets the most rows that are equal and belong to no unit; each counts as a record. It is not private: keep it local.
    /// </summary>
    public int EqualRows { get; init; } = 1;
}
