namespace Research.Kernel;

/// <summary>A connection file that a kernel cannot serve.</summary>
/// <param name="message">What was expected and what is there.</param>
public sealed class ConnectionFileException(string message) : Exception(message);
