namespace Research.Scripting.Input;

/// <summary>A line that a cell asks its user for.</summary>
/// <param name="Prompt">What to show; may be empty.</param>
/// <param name="IsPassword">Whether what is typed must not be seen.</param>
public sealed record InputRequest(string Prompt, bool IsPassword);
