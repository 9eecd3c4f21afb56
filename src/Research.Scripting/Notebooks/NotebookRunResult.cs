namespace Research.Scripting.Notebooks;

/// <summary>How a notebook's run ended.</summary>
/// <param name="CellsRun">How many code cells ran, the failing ones included.</param>
/// <param name="Failures">The cells that failed and were not expected to; one at most unless errors are
/// allowed.</param>
/// <param name="Elapsed">How long all of it took.</param>
public sealed record NotebookRunResult(int CellsRun, IReadOnlyList<NotebookFailure> Failures, TimeSpan Elapsed)
{
    /// <summary>Gets whether no cell failed.</summary>
    public bool Succeeded => Failures.Count == 0;

    /// <summary>Gets the first failing cell's 1-based number among the code cells, as <c>In [n]</c>, or null.</summary>
    public int? FailedCell => Failures is [{ } first, ..] ? first.Cell : null;

    /// <summary>Gets the first failing cell's first line, or null.</summary>
    public string? FailedCellFirstLine => Failures is [{ } first, ..] ? first.FirstLine : null;

    /// <summary>Gets why the first failing cell failed, or null.</summary>
    public CellError? Error => Failures is [{ } first, ..] ? first.Error : null;
}
