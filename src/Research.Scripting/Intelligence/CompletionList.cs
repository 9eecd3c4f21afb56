namespace Research.Scripting.Intelligence;

/// <summary>What may stand at the cursor.</summary>
/// <param name="Start">The 0-based UTF-16 index where the replaced span starts.</param>
/// <param name="End">Where it ends; exclusive.</param>
/// <param name="Items">The candidates, best first.</param>
public sealed record CompletionList(int Start, int End, IReadOnlyList<CompletionItem> Items);
