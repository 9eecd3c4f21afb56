namespace Research.Scripting.Notebooks;

/// <summary>A step of a notebook's run.</summary>
/// <param name="Cell">The code cell's 1-based number, as <c>In [n]</c>.</param>
/// <param name="Cells">How many code cells there are.</param>
/// <param name="FirstLine">The cell's first line.</param>
/// <param name="Elapsed">Null when the cell starts; how long it took when it ended.</param>
/// <param name="Error">Why it failed; null when it starts or succeeded.</param>
public sealed record NotebookProgress(int Cell, int Cells, string FirstLine, TimeSpan? Elapsed, CellError? Error);
