namespace Research.Kernel.Specs;

/// <summary>A kernel specification cannot be installed or removed, and why.</summary>
/// <param name="message">What was expected and what is there.</param>
public sealed class KernelSpecException(string message) : Exception(message);
