namespace Research.Privacy.Ledger;

/// <summary>A place in a ledger's chain; whoever keeps it elsewhere notices a file that does not continue it.</summary>
/// <param name="Sequence">Number of the last charge; 0 where only the header stands.</param>
/// <param name="Hash">Hash of that line, which stands for all before it.</param>
public sealed record LedgerHead(int Sequence, string Hash);
