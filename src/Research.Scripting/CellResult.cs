namespace Research.Scripting;

/// <summary>How a cell ended.</summary>
/// <param name="Value">The trailing expression's value, or what the code returned; null otherwise.</param>
/// <param name="Error">Why it failed, or null when it succeeded.</param>
/// <param name="Elapsed">How long it took, compilation included.</param>
public sealed record CellResult(object? Value, CellError? Error, TimeSpan Elapsed)
{
    /// <summary>Gets whether the cell ran to its end.</summary>
    public bool Succeeded => Error is null;
}
