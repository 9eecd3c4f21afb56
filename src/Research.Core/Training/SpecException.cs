namespace Research.Training;

/// <summary>
/// A specification, or data that does not fit it, was refused; says where, what was expected and what came.
/// </summary>
public sealed class SpecException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The JSON path, for example <c>$.model.layers[2].inputs</c>.</param>
    /// <param name="expected">What would have been accepted.</param>
    /// <param name="actual">What came instead.</param>
    /// <param name="innerException">The cause, if another error lies beneath.</param>
    public SpecException(string path, string expected, string actual, Exception? innerException = null)
        : base($"{path}: expected {expected}, got {actual}.", innerException)
    {
        Path = path;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Gets the JSON path of the field refused.</summary>
    public string Path { get; }

    /// <summary>Gets what would have been accepted.</summary>
    public string Expected { get; }

    /// <summary>Gets what came instead.</summary>
    public string Actual { get; }
}
