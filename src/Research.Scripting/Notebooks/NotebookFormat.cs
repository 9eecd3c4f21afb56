namespace Research.Scripting.Notebooks;

/// <summary>How a notebook is kept in a file.</summary>
public enum NotebookFormat
{
    /// <summary>Jupyter's JSON, <c>.ipynb</c>.</summary>
    Ipynb,

    /// <summary>.NET Interactive's text, <c>.dib</c>: cells without outputs.</summary>
    Dib,
}
