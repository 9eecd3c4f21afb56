using System.CommandLine;
using Research.Scripting.Scripts;

namespace Research.Cli.Commands;

/// <summary><c>research script</c>: runs a <c>.csx</c> file as a program.</summary>
internal static class ScriptCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The .csx file." };
        Argument<string[]> arguments = new("args")
        {
            Description = "What the script sees as Args; options of its own need no --.",
            Arity = ArgumentArity.ZeroOrMore,
            CaptureRemainingTokens = true,
        };

        Command command = new("script", "Run a C# script.") { file, arguments };
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetRequiredValue(file),
            parse.GetValue(arguments) ?? [],
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    internal static async Task<int> RunAsync(
        string file, string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return await ScriptRunner.RunAsync(file, arguments, output, error, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"{file} was interrupted.").ConfigureAwait(false);
            return 1;
        }
    }
}
