namespace Research.Scripting.Directives;

/// <summary>A directive that cannot be carried out; becomes the cell's error.</summary>
internal sealed class DirectiveException(string message) : Exception(message);
