namespace Research.Scripting.Notebooks;

/// <summary>How a notebook's run ended.</summary>
/// <param name="CellsRun">How many code cells ran, the failing one included.</param>
/// <param name="FailedCell">The failing cell's 1-based number among the code cells, as <c>In [n]</c>; null on
/// success.</param>
/// <param name="FailedCellFirstLine">Its first line, or null.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Elapsed">How long all of it took.</param>
public sealed record NotebookRunResult(
    int CellsRun, int? FailedCell, string? FailedCellFirstLine, CellError? Error, TimeSpan Elapsed)
{
    /// <summary>Gets whether every cell ran to its end.</summary>
    public bool Succeeded => Error is null;
}
