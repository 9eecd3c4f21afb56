using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Scripting;
using Research.Scripting.Notebooks;

namespace Research.Cli.Commands;

/// <summary><c>research notebook run</c>: runs a C# notebook without a front end and stores its outputs.</summary>
internal static class NotebookCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The .ipynb file." };
        Option<string?> save = new("--output", "-o")
        {
            Description = "Where to write the executed notebook; by default FILE itself.",
        };
        Option<string[]> parameters = new("--parameter", "-p")
        {
            Description = "name=value: replaces a parameter of the cell tagged 'parameters'.",
            HelpName = "name=value",
        };
        parameters.Validators.Add(CheckParameters);
        Option<double?> timeout = new("--timeout") { Description = "The longest a cell may run, in seconds." };
        timeout.Validators.Add(CheckTimeout);
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };

        Command run = new("run", "Run a notebook's C# cells in order on a fresh session; stop at the first that fails.")
        {
            file, save, parameters, timeout, json,
        };
        run.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetRequiredValue(file),
            parse.GetValue(save),
            parse.GetValue(parameters) ?? [],
            parse.GetValue(timeout),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return new Command("notebook", "Run notebooks.") { run };
    }

    internal static async Task<int> RunAsync(
        string file,
        string? save,
        string[] parameters,
        double? timeoutSeconds,
        bool json,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        Task warm = ScriptSession.WarmAsync(cancellationToken);
        NotebookDocument document;
        try
        {
            document = NotebookDocument.Load(file);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            await error.WriteLineAsync($"Cannot read {file}: {exception.Message}").ConfigureAwait(false);
            return 1;
        }

        string destination = Path.GetFullPath(save ?? file);
        NotebookRunOptions options = new()
        {
            Folder = Path.GetDirectoryName(Path.GetFullPath(file)),
            CellTimeout = timeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Parameters = Split(parameters),
            Progress = new ProgressLines(error),
        };
        try
        {
            await warm.ConfigureAwait(false);
            NotebookRunResult result =
                await NotebookRunner.RunAsync(document, options, cancellationToken).ConfigureAwait(false);
            document.Save(destination);
            await ReportAsync(file, destination, result, json, output, error).ConfigureAwait(false);
            return result.Succeeded ? 0 : 1;
        }
        catch (ArgumentException exception)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 2;
        }
        catch (OperationCanceledException)
        {
            document.Save(destination);
            await error.WriteLineAsync($"Interrupted; the outputs so far are in {destination}.").ConfigureAwait(false);
            return 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"Cannot write {destination}: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static async Task ReportAsync(
        string file, string destination, NotebookRunResult result, bool json, TextWriter output, TextWriter error)
    {
        if (result.Error is { } failure)
        {
            await error.WriteLineAsync($"{file}: cell {result.FailedCell} failed: {result.FailedCellFirstLine}")
                .ConfigureAwait(false);
            if (failure.LineText is not null)
            {
                await error.WriteLineAsync($"  at {failure.Where}: {failure.LineText}").ConfigureAwait(false);
            }

            foreach (string line in failure.Traceback)
            {
                await error.WriteLineAsync($"  {line}").ConfigureAwait(false);
            }
        }

        if (json)
        {
            await output.WriteLineAsync(Json(file, destination, result).ToJsonString(Indented)).ConfigureAwait(false);
        }
        else if (result.Succeeded)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{file}: {result.CellsRun} cells in {result.Elapsed.TotalSeconds:F1} s, written to {destination}"))
                .ConfigureAwait(false);
        }
    }

    private static JsonObject Json(string file, string destination, NotebookRunResult result) => new()
    {
        ["notebook"] = file,
        ["output"] = destination,
        ["succeeded"] = result.Succeeded,
        ["cellsRun"] = result.CellsRun,
        ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
        ["failure"] = result.Error is not { } failure ? null : new JsonObject
        {
            ["cell"] = result.FailedCell,
            ["firstLine"] = result.FailedCellFirstLine,
            ["error"] = failure.Name,
            ["message"] = failure.Message,
            ["source"] = failure.Source,
            ["line"] = failure.Line,
            ["column"] = failure.Column,
            ["lineText"] = failure.LineText,
        },
    };

    private static Dictionary<string, string> Split(string[] parameters)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string parameter in parameters)
        {
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            values[parameter[..equals]] = parameter[(equals + 1)..];
        }

        return values;
    }

    private static void CheckParameters(OptionResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"-p expects name=value, got '{token.Value}'.");
        }
    }

    private static void CheckTimeout(OptionResult result)
    {
        if (result.Tokens is [{ Value: string text }] &&
            (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ||
            seconds is not (> 0 and <= 1e6)))
        {
            result.AddError($"--timeout expects seconds above 0, got '{text}'.");
        }
    }

    // IProgress on the caller's thread, unlike Progress<T>, so that lines come in order.
    private sealed class ProgressLines(TextWriter error) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => error.WriteLine(value.Elapsed is { } elapsed
            ? $"[{value.Cell}/{value.Cells}] {(value.Error is null ? "done" : "FAILED")} in {Seconds(elapsed)} s"
            : $"[{value.Cell}/{value.Cells}] {value.FirstLine}");

        private static string Seconds(TimeSpan elapsed) =>
            elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
    }
}
