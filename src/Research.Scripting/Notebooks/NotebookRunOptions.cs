namespace Research.Scripting.Notebooks;

/// <summary>How to run a notebook.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>Gets the folder the notebook's relative paths start from; null for the current directory.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets the longest a cell may run; null for no limit.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Gets whether the run goes on after a cell that fails.</summary>
    public bool AllowErrors { get; init; }

    /// <summary>Gets the parameters that replace those of the cell tagged <c>parameters</c>, as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets who hears of each cell's start and end.</summary>
    public IProgress<NotebookProgress>? Progress { get; init; }

    /// <summary>Gets the clock of <see cref="CellTimeout"/>.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
