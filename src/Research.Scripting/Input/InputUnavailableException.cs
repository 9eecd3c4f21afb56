namespace Research.Scripting.Input;

/// <summary>Code asked for a line where nobody can type one; Jupyter's <c>StdinNotImplementedError</c>.</summary>
/// <param name="message">Why nobody can.</param>
public sealed class InputUnavailableException(string message) : InvalidOperationException(message);
