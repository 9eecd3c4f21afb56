namespace Research.Privacy.Ledger;

/// <summary>Records that pay alike in one charge: of one history, in groups of one size.</summary>
/// <param name="Cohort">Their cohort's number; −1 for records that the ledger does not know yet.</param>
/// <param name="Rows">How many rows of the data each is charged for, 1 or more: the size of the group.</param>
/// <param name="Members">Places of known records, ascending; null where it is the whole cohort, or new ones.</param>
/// <param name="Names">Names of new records, ascending; empty for known ones.</param>
internal sealed record RecordGroup(int Cohort, int Rows, int[]? Members, UInt128[] Names)
{
    public const int Unknown = -1;
}
