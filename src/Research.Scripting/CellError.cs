namespace Research.Scripting;

/// <summary>Why a cell failed, in the user's own terms.</summary>
public sealed record CellError
{
    /// <summary>Gets the error's name: an exception type, <c>CompilationError</c>, <c>DirectiveError</c> or
    /// <c>TimeoutException</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the message.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the name of the source with the error: the failing cell, an earlier one, or a loaded
    /// file.</summary>
    public string? Source { get; init; }

    /// <summary>Gets the 1-based line in that source, or null when no user code is to blame.</summary>
    public int? Line { get; init; }

    /// <summary>Gets the 1-based column, known for compile errors.</summary>
    public int? Column { get; init; }

    /// <summary>Gets the user's own line, without indentation.</summary>
    public string? LineText { get; init; }

    /// <summary>Gets the report a person reads: message, the user's frames, then the library's; no host
    /// frames.</summary>
    public required IReadOnlyList<string> Traceback { get; init; }

    /// <summary>Gets the exception that user code threw, or null.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Gets where it happened, for example <c>cell 3, line 2</c>, or an empty string.</summary>
    public string Where => Source is null ? "" : Line is null ? Source :
        Column is null ? $"{Source}, line {Line}" : $"{Source}, line {Line}, column {Column}";
}
