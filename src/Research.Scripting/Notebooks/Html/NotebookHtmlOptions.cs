namespace Research.Scripting.Notebooks.Html;

/// <summary>How to turn a notebook into a page.</summary>
public sealed record NotebookHtmlOptions
{
    /// <summary>Gets the page's title; null for the first heading's text.</summary>
    public string? Title { get; init; }

    /// <summary>Gets the folder in which images that prose refers to are looked for; null to leave them out.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets whether scripts in outputs run. Warning: they can then change what the page shows.</summary>
    public bool TrustScripts { get; init; }
}
