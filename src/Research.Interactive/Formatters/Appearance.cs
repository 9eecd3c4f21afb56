namespace Research.Interactive.Formatters;

/// <summary>How a value looks in a notebook.</summary>
/// <param name="Html">HTML that needs no network and runs no script.</param>
/// <param name="Text">Text for a terminal.</param>
internal sealed record Appearance(string Html, string Text);
