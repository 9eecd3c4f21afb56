using System.Text;
using Research.Scripting;

namespace Research.Cli.Repl;

/// <summary>Reads entries line by line from a pipe, without prompts or control codes.</summary>
internal sealed class PipedEntries(TextReader input) : IEntrySource
{
    public async Task<string?> ReadAsync(ScriptSession session, CancellationToken cancellationToken)
    {
        StringBuilder entry = new();
        while (await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            entry.Append(line);
            if (session.Intelligence.CheckCompleteness(entry.ToString()).Status != "incomplete")
            {
                return entry.ToString();
            }

            entry.Append('\n');
        }

        return entry.Length > 0 ? entry.ToString() : null; // Half an entry has an error to show.
    }

    public void Clear()
    {
    }
}
