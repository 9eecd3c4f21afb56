using Research.Scripting;

namespace Research.Cli.Repl;

/// <summary>Starts the prompt on this process's console.</summary>
internal static class Prompt
{
    private const string PasteOn = "\u001b[?2004h";
    private const string PasteOff = "\u001b[?2004l";

    /// <summary>Runs the prompt to its end.</summary>
    /// <param name="script">A script to run first, or null.</param>
    /// <param name="arguments">What entries see as <c>Args</c>.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellationToken">Ends it between entries.</param>
    public static async Task RunAsync(
        CellSource? script,
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        ScriptSessionOptions options = new()
        {
            Folder = script?.Path is { } path ? Path.GetDirectoryName(path) : null,
            Arguments = arguments,
            BatchStreams = false,
        };
        bool isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected && !IsDumb;
        if (!isTerminal)
        {
            ReplPrinter plain = new(output, error, isColoured: false);
            await new ReplLoop(new PipedEntries(Console.In), plain, options, InterruptListener.Start)
                .RunAsync(script, cancellationToken).ConfigureAwait(false);
            return;
        }

        ReplHistory store = new(ReplHistory.UserPath);
        KeyReader keys = new(static () => Console.ReadKey(intercept: true), static () => Console.KeyAvailable);
        TerminalEntries entries = new(
            keys, output, static () => Console.WindowWidth, new EntryHistory(store.Load()), store);
        ReplPrinter printer = new(output, error, Environment.GetEnvironmentVariable("NO_COLOR") is null or "");
        printer.Say("C# on Research. #help for help, Ctrl-D to leave.");
        Console.TreatControlCAsInput = true;
        await output.WriteAsync(PasteOn).ConfigureAwait(false);
        try
        {
            await new ReplLoop(entries, printer, options, InterruptListener.Start)
                .RunAsync(script, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await output.WriteAsync(PasteOff).ConfigureAwait(false);
            Console.TreatControlCAsInput = false;
        }
    }

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is "dumb";
}
