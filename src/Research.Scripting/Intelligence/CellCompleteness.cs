namespace Research.Scripting.Intelligence;

/// <summary>Whether code can run as it is, as Jupyter's <c>is_complete_request</c> asks.</summary>
/// <param name="Status"><c>complete</c>, <c>incomplete</c>, <c>invalid</c> or <c>unknown</c>.</param>
/// <param name="Indent">Spaces for the next line when incomplete.</param>
public sealed record CellCompleteness(string Status, string Indent = "");
