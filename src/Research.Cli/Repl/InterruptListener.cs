namespace Research.Cli.Repl;

/// <summary>Takes Ctrl-C while an entry runs; at the prompt it is a key like any other.</summary>
internal sealed class InterruptListener : IDisposable
{
    private readonly ConsoleCancelEventHandler _handler;
    private readonly bool _isTerminal;

    private InterruptListener(Action interrupt, bool isTerminal)
    {
        _isTerminal = isTerminal;
        _handler = (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupt();
        };
        Console.CancelKeyPress += _handler;
        SetKey(false);
    }

    /// <summary>Starts to listen.</summary>
    public static IDisposable Start(Action interrupt) => new InterruptListener(interrupt, !Console.IsInputRedirected);

    /// <inheritdoc/>
    public void Dispose()
    {
        SetKey(true);
        Console.CancelKeyPress -= _handler;
    }

    private void SetKey(bool isKey)
    {
        if (_isTerminal)
        {
            Console.TreatControlCAsInput = isKey;
        }
    }
}
