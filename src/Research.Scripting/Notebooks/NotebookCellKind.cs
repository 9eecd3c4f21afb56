namespace Research.Scripting.Notebooks;

/// <summary>What a cell holds.</summary>
public enum NotebookCellKind
{
    /// <summary>Code to run.</summary>
    Code,

    /// <summary>Prose.</summary>
    Markdown,

    /// <summary>Text for converters, left alone.</summary>
    Raw,
}
