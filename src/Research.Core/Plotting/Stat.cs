namespace Research.Plotting;

/// <summary>A headline value of a page.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The value with its unit.</param>
/// <param name="Note">What to compare it with.</param>
public sealed record Stat(string Label, string Value, string Note = "");
