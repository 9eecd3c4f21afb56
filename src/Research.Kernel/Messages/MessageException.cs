namespace Research.Kernel.Messages;

/// <summary>A message that is not as the protocol has it; says which part, what was expected and what came.</summary>
internal sealed class MessageException(string message) : Exception(message);
