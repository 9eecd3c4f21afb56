using Research.Scripting;

namespace Research.Cli.Repl;

/// <summary>Runs what standard input holds as a script.</summary>
internal static class StandardInputScript
{
    /// <summary>Reads all of it, then runs it; relative paths are the current directory's.</summary>
    /// <returns>The exit code, as for a script in a file.</returns>
    public static async Task<int> RunAsync(
        TextReader input,
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        string code = await input.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        using ScriptSession session = new(new ScriptSessionOptions
        {
            Arguments = arguments,
            BatchStreams = false,
            LimitsOutput = false,
        });
        ReplPrinter printer = new(output, error, isColoured: false);
        int former = Environment.ExitCode;
        Environment.ExitCode = 0;
        try
        {
            CellResult result = await session.ExecuteAsync(
                new CellSource(code, "standard input"),
                shown =>
                {
                    if (shown is not Scripting.Outputs.ResultOutput) // Its value is the exit code.
                    {
                        printer.Show(shown);
                    }
                },
                cancellationToken).ConfigureAwait(false);
            if (result.Error is not null)
            {
                printer.Fail(result.Error);
                return CommandRunner.Failure;
            }

            return result.Value is int exitCode ? exitCode : Environment.ExitCode;
        }
        finally
        {
            Environment.ExitCode = former;
        }
    }
}
