namespace Research.Scripting.Compilation;

/// <summary>An assembly that cells reference beyond those they always do.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="CompilePath">What the compiler reads; null where it is only loaded.</param>
/// <param name="RuntimePath">What is loaded; null where the host has it.</param>
/// <param name="Source">Who brought it, for messages: a package with its version, or the user's file.</param>
/// <param name="Directive">The directive that asks for the same, or null.</param>
internal sealed record PlannedAssembly(
    string Name, string? CompilePath, string? RuntimePath, string Source, string? Directive)
{
    /// <summary>Gets the user's own file, where <see cref="RuntimePath"/> is a copy of it.</summary>
    public string? Original { get; init; }
}
