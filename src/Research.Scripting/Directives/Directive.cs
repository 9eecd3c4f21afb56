namespace Research.Scripting.Directives;

/// <summary>One <c>#</c> line of a cell that the session, not the compiler, carries out.</summary>
/// <param name="Name">With its sign, for example <c>#r</c> or <c>#!time</c>.</param>
/// <param name="Argument">What follows, unquoted and trimmed.</param>
/// <param name="Line">The 1-based line in the cell.</param>
/// <param name="Text">The whole line, trimmed.</param>
internal sealed record Directive(string Name, string Argument, int Line, string Text);
