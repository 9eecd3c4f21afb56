using Research.Scripting;
using Research.Scripting.Notebooks;

namespace Research.Cli.Commands;

/// <summary>One call of <c>research notebook run</c>.</summary>
internal sealed class NotebookRun
{
    private int? _terminalWidth;

    public required IReadOnlyList<string> Files { get; init; }

    public required string? OutputPath { get; init; }

    public required string? HtmlPath { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public required TimeSpan? CellTimeout { get; init; }

    public required bool AllowErrors { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (WrongUsage() is { } problem)
        {
            await Error.WriteLineAsync(TerminalText.Clean(problem)).ConfigureAwait(false);
            return CommandRunner.WrongUsage;
        }

        // Before a session puts its own writers in the console's place.
        _terminalWidth = NotebookRunProgress.WidthOf(Error);
        List<NotebookRunReport> reports = [];
        int exitCode = CommandRunner.Success;
        foreach (string file in Files)
        {
            (NotebookRunReport? report, int code) = await RunAsync(file, cancellationToken).ConfigureAwait(false);
            exitCode = Math.Max(exitCode, code);
            reports.AddRange(report is null ? [] : [report]);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        await WriteJsonAsync(reports, exitCode).ConfigureAwait(false);
        return exitCode;
    }

    // A user of one notebook gets its report; of several, a list.
    private async Task WriteJsonAsync(List<NotebookRunReport> reports, int exitCode)
    {
        if (!Json || reports.Count == 0)
        {
            return;
        }

        await Output.WriteLineAsync(JsonReport.Write(json =>
        {
            json.WriteStartObject();
            if (Files.Count == 1)
            {
                reports[0].WriteJson(json);
            }
            else
            {
                json.WriteBoolean("succeeded", exitCode == CommandRunner.Success);
                json.WriteStartArray("notebooks");
                foreach (NotebookRunReport report in reports)
                {
                    json.WriteStartObject();
                    report.WriteJson(json);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        })).ConfigureAwait(false);
    }

    private async Task<(NotebookRunReport? Report, int ExitCode)> RunAsync(
        string file, CancellationToken cancellationToken)
    {
        Task warm = ScriptSession.WarmAsync(cancellationToken);
        string? output = TargetOf(file, OutputPath, ".ipynb") ??
            (NotebookDocument.FormatOf(file) == NotebookFormat.Dib ? null : Path.GetFullPath(file));
        string? html = TargetOf(file, HtmlPath, ".html");
        try
        {
            NotebookDocument document = NotebookDocument.Load(file);
            await warm.ConfigureAwait(false);
            NotebookRunResult? result = await RunAsync(document, file, cancellationToken).ConfigureAwait(false);
            foreach (string path in ((string?[])[output, html]).OfType<string>())
            {
                // Not the run's token: what an interrupted notebook has shown is kept.
                await NotebookTarget.WriteAsync(
                    document, path, NotebookTarget.FormatOf(path)!, file, trust: false, CancellationToken.None)
                    .ConfigureAwait(false);
            }

            if (result is null)
            {
                await Error.WriteLineAsync(output is null ? "Interrupted."
                    : $"Interrupted; the outputs so far are in {output}.").ConfigureAwait(false);
                return (null, CommandRunner.Failure);
            }

            NotebookRunReport report = new(file, output, html, result);
            await report.WriteTextAsync(Json ? TextWriter.Null : Output, Error).ConfigureAwait(false);
            return (report, result.Succeeded || AllowErrors ? CommandRunner.Success : CommandRunner.Failure);
        }
        catch (ArgumentException exception)
        {
            await Error.WriteLineAsync(TerminalText.Clean(exception.Message)).ConfigureAwait(false);
            return (null, CommandRunner.WrongUsage);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or NotebookFormatException
                or NotebookLanguageException)
        {
            await Error.WriteLineAsync(TerminalText.Clean($"{file}: {exception.Message}")).ConfigureAwait(false);
            return (null, CommandRunner.Failure);
        }
    }

    private async Task<NotebookRunResult?> RunAsync(
        NotebookDocument document, string file, CancellationToken cancellationToken)
    {
        using NotebookRunProgress progress = new(Error, _terminalWidth, TimeProvider.System);
        try
        {
            return await NotebookRunner.RunAsync(
                document,
                new NotebookRunOptions
                {
                    Folder = Path.GetDirectoryName(Path.GetFullPath(file)),
                    CellTimeout = CellTimeout,
                    AllowErrors = AllowErrors,
                    Parameters = Parameters,
                    Progress = progress,
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Wrong usage is said before anything runs: a run may take an hour.
    private string? WrongUsage()
    {
        foreach ((string option, string? path, string[] formats) in ((string, string?, string[])[])
            [("-o", OutputPath, ["ipynb", "html"]), ("--html", HtmlPath, ["html"])])
        {
            if (path is null || Directory.Exists(path))
            {
                continue;
            }

            if (Files.Count > 1)
            {
                return $"{option} expects an existing folder for several notebooks, got {path}.";
            }

            if (!formats.Contains(NotebookTarget.FormatOf(path)))
            {
                string ends = string.Join(" or ", formats.Select(name => $".{name}"));
                return $"{option} expects a file that ends in {ends}, got {path}.";
            }

            if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            {
                return $"{option}: there is no folder {Path.GetDirectoryName(Path.GetFullPath(path))}; make it first.";
            }
        }

        return null;
    }

    private static string? TargetOf(string file, string? path, string extension) => path is null ? null
        : Path.GetFullPath(Directory.Exists(path)
            ? Path.Combine(path, Path.GetFileNameWithoutExtension(file) + extension)
            : path);
}
