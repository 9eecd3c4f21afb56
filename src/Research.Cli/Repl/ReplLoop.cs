using Research.Scripting;

namespace Research.Cli.Repl;

/// <summary>Reads an entry, runs it, shows what it came to, and so on.</summary>
/// <param name="entries">Where entries come from.</param>
/// <param name="printer">Where results go.</param>
/// <param name="options">What each session starts with.</param>
/// <param name="interrupts">Calls its argument when the user interrupts a running entry; disposed when it ends.</param>
internal sealed class ReplLoop(
    IEntrySource entries, ReplPrinter printer, ScriptSessionOptions options, Func<Action, IDisposable> interrupts)
{
    private const string Help = """
        Any C#: an expression shows its value, variables stay. Tab completes, Ctrl-R searches,
        Alt-Enter breaks the line.
          #r "x.dll", #r "nuget: Id, Version", #load "x.csx"   as in scripts
          #!whos    the variables         #!lsmagic   all directives of notebooks
          #reset    forget everything     #cls        clear the screen
          #help     this                  #exit       leave (or Ctrl-D)
        """;

    /// <summary>Runs until the entries end or one says <c>#exit</c>.</summary>
    /// <param name="first">A script to run before, or null.</param>
    /// <param name="cancellationToken">Ends the loop between entries.</param>
    public async Task RunAsync(CellSource? first, CancellationToken cancellationToken)
    {
        ScriptSession session = new(options);
        Task warming = ScriptSession.WarmAsync(cancellationToken);
        try
        {
            if (first is not null)
            {
                await ExecuteAsync(session, first).ConfigureAwait(false);
            }

            int count = 0;
            while (await entries.ReadAsync(session, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                await warming.ConfigureAwait(false);
                switch (entry.Trim())
                {
                    case "":
                        break;
                    case "#exit" or "#quit":
                        return;
                    case "#help":
                        printer.Say(Help);
                        break;
                    case "#cls" or "#clear":
                        entries.Clear();
                        break;
                    case "#reset":
                        session.Dispose();
                        session = new ScriptSession(options);
                        break;
                    default:
                        await ExecuteAsync(session, new CellSource(entry, $"entry {++count}")).ConfigureAwait(false);
                        break;
                }
            }
        }
        finally
        {
            session.Dispose();
        }
    }

    private async Task ExecuteAsync(ScriptSession session, CellSource source)
    {
        using CancellationTokenSource interrupt = new();
        using IDisposable listening = interrupts(interrupt.Cancel);
        try
        {
            CellResult result = await session.ExecuteAsync(source, printer.Show, interrupt.Token).ConfigureAwait(false);
            if (result.Error is not null)
            {
                printer.Fail(result.Error);
            }
        }
        catch (OperationCanceledException)
        {
            printer.Say("Interrupted; the variables are as before.");
        }
        finally
        {
            printer.EndLine();
        }
    }
}
