namespace Research.Scripting.Notebooks;

/// <summary>A file is not a notebook this program reads; says where, what was expected and what was there.</summary>
public sealed class NotebookFormatException : Exception
{
    /// <summary>Reports a part that is not as nbformat 4 wants it.</summary>
    /// <param name="path">The JSON path, for example <c>$.cells[2].source</c>; <c>$</c> is the document.</param>
    /// <param name="expected">What belongs there.</param>
    /// <param name="actual">What was there.</param>
    public NotebookFormatException(string path, string expected, string actual)
        : base($"Not a notebook: {path}: expected {expected}, got {actual}.")
    {
        Path = path;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Gets the JSON path of the part.</summary>
    public string Path { get; }

    /// <summary>Gets what belongs there.</summary>
    public string Expected { get; }

    /// <summary>Gets what was there.</summary>
    public string Actual { get; }
}
