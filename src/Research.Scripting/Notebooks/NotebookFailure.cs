namespace Research.Scripting.Notebooks;

/// <summary>A cell that failed in a notebook's run.</summary>
/// <param name="Cell">Its 1-based number among the code cells, as <c>In [n]</c>.</param>
/// <param name="FirstLine">Its first line.</param>
/// <param name="Error">Why it failed.</param>
public sealed record NotebookFailure(int Cell, string FirstLine, CellError Error);
