using Research.Scripting.Outputs;

namespace Research.Scripting.Scripts;

/// <summary>Runs a <c>.csx</c> file as a program.</summary>
public static class ScriptRunner
{
    /// <summary>Runs a script.</summary>
    /// <remarks>
    /// The current directory stays the caller's, as for any program; <c>#r</c> and <c>#load</c> are relative to the
    /// script. A value shown by <c>display</c> prints its plain text. What was compiled is kept: the second run of the
    /// same script, with the same loaded files and references, starts without the compiler.
    /// </remarks>
    /// <param name="path">The script.</param>
    /// <param name="arguments">What it sees as <c>Args</c>.</param>
    /// <param name="output">Gets what it writes to standard output.</param>
    /// <param name="error">Gets what it writes to standard error, and why it failed.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>The integer it returned, else <see cref="Environment.ExitCode"/> if it set one, else 0; 1 when it
    /// failed,
    /// with the user's own line on <paramref name="error"/>.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<int> RunAsync(
        string path,
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        string fullPath = Path.GetFullPath(path);
        (string? code, string? refusal) = await ScriptFile.ReadAsync(fullPath, cancellationToken).ConfigureAwait(false);
        if (code is null)
        {
            await error.WriteLineAsync(refusal).ConfigureAwait(false);
            return 1;
        }

        int formerExitCode = Environment.ExitCode;
        Environment.ExitCode = 0;
        try
        {
            CellResult result = await RunCodeAsync(fullPath, code, arguments, output, error, cancellationToken)
                .ConfigureAwait(false);
            if (result.Error is null)
            {
                return result.Value is int exitCode ? exitCode : Environment.ExitCode;
            }

            foreach (string line in result.Error.Traceback)
            {
                await error.WriteLineAsync(line).ConfigureAwait(false);
            }

            return 1;
        }
        finally
        {
            Environment.ExitCode = formerExitCode;
        }
    }

    private static async Task<CellResult> RunCodeAsync(
        string path,
        string code,
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        void Receive(CellOutput shown) => Write(shown, output, error);
        if (ScriptCache.Find(path, code) is { } compiled)
        {
            return await ScriptReplay.RunAsync(compiled, arguments, Receive, cancellationToken).ConfigureAwait(false);
        }

        CellSource main = new(code, Path.GetFileName(path), path);
        ScriptRecording recording = new(main);
        using ScriptSession session = new(new ScriptSessionOptions
        {
            Folder = Path.GetDirectoryName(path),
            Arguments = arguments,
            BatchStreams = false,
            LimitsOutput = false,
        })
        {
            Compiled = recording.Add,
        };
        recording.Session = session;
        return await session.ExecuteScriptAsync(main, Receive, cancellationToken).ConfigureAwait(false);
    }

    private static void Write(CellOutput shown, TextWriter output, TextWriter error)
    {
        switch (shown)
        {
            case StreamOutput { Name: "stderr" } stream:
                error.Write(stream.Text);
                break;
            case StreamOutput stream:
                output.Write(stream.Text);
                break;
            case DisplayOutput display:
                output.WriteLine(display.Bundle.PlainText);
                break;
            case DisplayUpdate update:
                output.WriteLine(update.Bundle.PlainText);
                break;
        }
    }
}
