using System.CommandLine;
using Research.Cli.Repl;
using Research.Scripting;
using Research.Scripting.Scripts;

namespace Research.Cli.Commands;

/// <summary><c>research script</c>: runs a <c>.csx</c> file as a program, or prompts for C#.</summary>
internal static class ScriptCommand
{
    private const string StandardInput = "-";

    private static readonly Argument<string?> File = new("file")
    {
        Description = "The .csx file, or - for standard input. Without it, a prompt; or, in a pipe, standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Interactive = new("--interactive", "-i")
    {
        Description = "Prompt for more after the script; must come before the file.",
    };

    public static Command Create()
    {
        Argument<string[]> arguments = new("args")
        {
            Description = "What the script sees as Args; options of its own need no --.",
            Arity = ArgumentArity.ZeroOrMore,
            CaptureRemainingTokens = true,
        };

        Command command = new("script", "Run a C# script, or try C# at a prompt.") { Interactive, File, arguments };
        command.SetAction((parse, cancellationToken) =>
        {
            string? file = parse.GetValue(File);
            string[] args = parse.GetValue(arguments) ?? [];
            TextWriter output = parse.InvocationConfiguration.Output;
            TextWriter error = parse.InvocationConfiguration.Error;
            return Prompts(parse)
                ? PromptAsync(file, args, output, error, cancellationToken)
                : RunAsync(file ?? StandardInput, args, output, error, cancellationToken);
        });
        return command;
    }

    /// <summary>Tells whether a command line starts the prompt, which deals with Ctrl-C itself.</summary>
    internal static bool Prompts(ParseResult parse) => parse.CommandResult.Command.Options.Contains(Interactive) &&
        (parse.GetValue(Interactive) || (parse.GetValue(File) is null && !Console.IsInputRedirected));

    internal static async Task<int> RunAsync(
        string file, string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return await (file == StandardInput
                ? StandardInputScript.RunAsync(Console.In, arguments, output, error, cancellationToken)
                : ScriptRunner.RunAsync(file, arguments, output, error, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"{file} was interrupted.").ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task<int> PromptAsync(
        string? file, string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        CellSource? script = null;
        if (file is not null)
        {
            (string? code, string? refusal) = await ScriptFile.ReadAsync(file, cancellationToken).ConfigureAwait(false);
            if (code is null)
            {
                await error.WriteLineAsync(TerminalText.Clean(refusal!)).ConfigureAwait(false);
                return CommandRunner.Failure;
            }

            script = new CellSource(code, Path.GetFileName(file), Path.GetFullPath(file));
        }

        await Prompt.RunAsync(script, arguments, output, error, cancellationToken).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
