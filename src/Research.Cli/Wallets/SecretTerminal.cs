using System.Text;

namespace Research.Cli.Wallets;

/// <summary>This process's terminal. Prompts go to standard error: standard output is the report's.</summary>
internal sealed class SecretTerminal : ISecretTerminal
{
    public bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public bool ShowsOutput => !Console.IsOutputRedirected;

    // The thread that waits for a key is left behind when Ctrl-C cancels: nothing can interrupt it.
    public async Task<SecretBytes> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(prompt.AsMemory(), cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(ReadKeys, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await Console.Error.WriteLineAsync().ConfigureAwait(false);
        }
    }

    public async Task<string> AskOpenlyAsync(string prompt, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(prompt.AsMemory(), cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Console.In.ReadLine() ?? "", CancellationToken.None).WaitAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    public SecretBytes? ReadInputLine()
    {
        using Stream input = Console.OpenStandardInput();
        return SecretBytes.ReadLine(input);
    }

    private static SecretBytes ReadKeys()
    {
        SecretBytes typed = new();
        Span<char> pair = stackalloc char[2];
        Span<byte> utf8 = stackalloc byte[4];
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return typed;
                case ConsoleKey.Backspace:
                    typed.RemoveLast();
                    continue;
            }

            char one = key.KeyChar;
            if (char.IsHighSurrogate(one))
            {
                pair[0] = one;
            }
            else if (!char.IsControl(one))
            {
                pair[1] = one;
                ReadOnlySpan<char> character = char.IsLowSurrogate(one) ? pair : pair[1..];
                foreach (byte part in utf8[..Encoding.UTF8.GetBytes(character, utf8)])
                {
                    typed.Add(part);
                }
            }
        }
    }
}
