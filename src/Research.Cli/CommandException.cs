namespace Research.Cli;

/// <summary>A command cannot go on; the message says why and what to do, in words for its user.</summary>
internal sealed class CommandException(
    string message, int exitCode = CommandRunner.Failure, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Gets the process's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
