using System.CommandLine;
using System.CommandLine.Parsing;
using Research.Chain.Rpc;
using Research.Cli.Commands;
using Research.Cli.Tasks;

namespace Research.Cli;

/// <summary>
/// Runs a command line and turns whatever happens into a message and an exit code: 0, 1 (failure), 2 (usage).
/// </summary>
internal static class CommandRunner
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        if (args.Length == 0)
        {
            InvocationConfiguration help = new() { Output = error, Error = error };
            await root.Parse("--help").InvokeAsync(help).ConfigureAwait(false);
            return WrongUsage;
        }

        ParseResult parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            foreach (ParseError problem in parse.Errors)
            {
                await error.WriteLineAsync(TerminalText.Clean(problem.Message)).ConfigureAwait(false);
            }

            string verb = string.Join(' ', parse.CommandResult.Command == root ? [] : Path(parse.CommandResult));
            string help = $"Try: research {verb}{(verb.Length > 0 ? " " : "")}--help";
            await error.WriteLineAsync(help).ConfigureAwait(false);
            return WrongUsage;
        }

        try
        {
            InvocationConfiguration configuration = new()
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return ScriptCommand.Prompts(parse) // The prompt listens to Ctrl-C itself.
                ? await parse.InvokeAsync(configuration).ConfigureAwait(false)
                : await InterruptiblyAsync(parse, configuration).ConfigureAwait(false);
        }
        catch (DryRunException planned)
        {
            await DryRunReport.WriteAsync(planned, parse, output).ConfigureAwait(false);
            return Success;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Cancelled.").ConfigureAwait(false);
            return Failure;
        }
        catch (Exception exception)
        {
            string message = UserError.Describe(exception) ?? UserError.DescribeBug(exception);
            await error.WriteLineAsync(TerminalText.Clean(message)).ConfigureAwait(false);
            return exception is CommandException command ? command.ExitCode : Failure;
        }
    }

    private static async Task<int> InterruptiblyAsync(ParseResult parse, InvocationConfiguration configuration)
    {
        using Interruption interruption = new(Grace);

        // On another thread: a command that computes before it first awaits would hold this one up.
        Task<int> run = Task.Run(
            () => parse.InvokeAsync(configuration, interruption.Asked), CancellationToken.None);
        try
        {
            return await run.WaitAsync(interruption.Late).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!run.IsCompleted)
        {
            await configuration.Error.WriteLineAsync("Cancelled.").ConfigureAwait(false);
            return interruption.ExitCode;
        }
    }

    private static IEnumerable<string> Path(CommandResult command) =>
        command.Parent is CommandResult parent && parent.Parent is not null
            ? Path(parent).Append(command.Command.Name)
            : [command.Command.Name];
}
