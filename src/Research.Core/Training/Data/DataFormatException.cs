namespace Research.Training.Data;

/// <summary>
/// A file or a byte string does not hold what its format promises; says which, where, what was expected and what came.
/// </summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The file, or what the bytes are.</param>
    /// <param name="place">Where in it, for example <c>byte 16</c> or <c>row 3, column 2</c>.</param>
    /// <param name="expected">What would have been accepted.</param>
    /// <param name="actual">What came instead.</param>
    /// <param name="innerException">The cause, if another error lies beneath.</param>
    public DataFormatException(
        string source, string place, string expected, string actual, Exception? innerException = null)
        : base($"{source}, {place}: expected {expected}, got {actual}.", innerException)
    {
        File = source;
        Place = place;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Gets the file, or what the bytes are.</summary>
    public string File { get; }

    /// <summary>Gets where in it the error lies.</summary>
    public string Place { get; }

    /// <summary>Gets what would have been accepted.</summary>
    public string Expected { get; }

    /// <summary>Gets what came instead.</summary>
    public string Actual { get; }
}
