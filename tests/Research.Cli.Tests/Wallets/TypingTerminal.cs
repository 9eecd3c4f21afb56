using System.Text;
using Research.Cli.Wallets;

namespace Research.Tests.Wallets;

/// <summary>A terminal at which a test types, or standard input with a test's lines.</summary>
internal sealed class TypingTerminal(bool isThere, params string[] lines) : ISecretTerminal
{
    private readonly Queue<string> _lines = new(lines);

    public List<string> Prompts { get; } = [];

    public bool CanAsk => isThere;

    public bool ShowsOutput => isThere;

    public Task<SecretBytes> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        Prompts.Add(prompt);
        return Task.FromResult(ReadInputLine()!);
    }

    public Task<string> AskOpenlyAsync(string prompt, CancellationToken cancellationToken)
    {
        Prompts.Add(prompt);
        return Task.FromResult(_lines.Dequeue());
    }

    public SecretBytes? ReadInputLine() =>
        _lines.TryDequeue(out string? line) ? new SecretBytes(Encoding.UTF8.GetBytes(line)) : null;
}
