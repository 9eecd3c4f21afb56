using System.Globalization;
using System.Text.Json;
using Research.Scripting;
using Research.Scripting.Notebooks;

namespace Research.Cli.Commands;

/// <summary>What came of one notebook.</summary>
/// <param name="File">The notebook.</param>
/// <param name="Output">The file it was written to, or null.</param>
/// <param name="Html">The page it was written to beside, or null.</param>
/// <param name="Result">How the run ended.</param>
internal sealed record NotebookRunReport(string File, string? Output, string? Html, NotebookRunResult Result)
{
    public async Task WriteTextAsync(TextWriter output, TextWriter error)
    {
        foreach (NotebookFailure failure in Result.Failures)
        {
            await WriteAsync(error, $"{File}: cell {failure.Cell} failed: {failure.FirstLine}").ConfigureAwait(false);
            if (failure.Error.LineText is not null)
            {
                await WriteAsync(error, $"  at {failure.Error.Where}: {failure.Error.LineText}").ConfigureAwait(false);
            }

            foreach (string line in failure.Error.Traceback)
            {
                await WriteAsync(error, $"  {line}").ConfigureAwait(false);
            }
        }

        if (Result.Succeeded)
        {
            string[] files = [.. ((string?[])[Output, Html]).OfType<string>()];
            string written = files.Length > 0 ? $"written to {string.Join(" and ", files)}"
                : "not written: a .dib holds no outputs, -o out.ipynb or -o out.html would";
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{File}: {Result.CellsRun} cells in {Result.Elapsed.TotalSeconds:F1} s, {written}"))
                .ConfigureAwait(false);
        }
    }

    /// <summary>Writes the members of the report's JSON object.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("notebook", File);
        json.WriteString("output", Output);
        json.WriteString("html", Html);
        json.WriteBoolean("succeeded", Result.Succeeded);
        json.WriteNumber("cellsRun", Result.CellsRun);
        json.WriteNumber("seconds", Math.Round(Result.Elapsed.TotalSeconds, 3));
        json.WritePropertyName("failure");
        WriteFailure(json, Result.Failures is [{ } first, ..] ? first : null);
        json.WriteStartArray("failures");
        foreach (NotebookFailure failure in Result.Failures)
        {
            WriteFailure(json, failure);
        }

        json.WriteEndArray();
    }

    private static void WriteFailure(Utf8JsonWriter json, NotebookFailure? failure)
    {
        if (failure is null)
        {
            json.WriteNullValue();
            return;
        }

        CellError error = failure.Error;
        json.WriteStartObject();
        json.WriteNumber("cell", failure.Cell);
        json.WriteString("firstLine", failure.FirstLine);
        json.WriteString("error", error.Name);
        json.WriteString("message", error.Message);
        json.WriteString("source", error.Source);
        WriteNumber(json, "line", error.Line);
        WriteNumber(json, "column", error.Column);
        json.WriteString("lineText", error.LineText);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static Task WriteAsync(TextWriter error, string line) => error.WriteLineAsync(TerminalText.Clean(line));
}
