using Research.Scripting;

namespace Research.Cli.Repl;

/// <summary>Where the entries of the prompt come from: a person at a terminal, or a pipe.</summary>
internal interface IEntrySource
{
    /// <summary>Gets the next complete entry, or null when there will be none.</summary>
    Task<string?> ReadAsync(ScriptSession session, CancellationToken cancellationToken);

    /// <summary>Clears what is shown.</summary>
    void Clear();
}
