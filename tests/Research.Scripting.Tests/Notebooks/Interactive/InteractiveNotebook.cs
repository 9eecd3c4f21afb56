using System.Text;
using System.Text.Json.Nodes;
using Research.Scripting.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Notebooks.Interactive;

/// <summary>A notebook written for .NET Interactive, run once headless and unchanged.</summary>
internal static class InteractiveNotebook
{
    private static readonly Dictionary<string, Task<(NotebookDocument, NotebookRunResult)>> Runs =
        new(StringComparer.Ordinal);

    public static string Folder { get; } =
        Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "notebooks", "interactive");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    public static NotebookDocument Load(string name) => NotebookDocument.Load(Path.Combine(Folder, $"{name}.ipynb"));

    /// <summary>Gets the first run's outcome; every cell runs, whatever fails.</summary>
    public static Task<(NotebookDocument Document, NotebookRunResult Result)> RunAsync(string name)
    {
        lock (Runs)
        {
            return Runs.TryGetValue(name, out Task<(NotebookDocument, NotebookRunResult)>? run)
                ? run
                : Runs[name] = RunAfreshAsync(name);
        }
    }

    public static async Task<(NotebookDocument Document, NotebookRunResult Result)> RunAfreshAsync(string name)
    {
        NotebookDocument document = Load(name);
        NotebookRunResult result = await NotebookRunner.RunAsync(
            document, new NotebookRunOptions { Folder = Folder, AllowErrors = true });
        return (document, result);
    }

    /// <summary>Gets a cell's outputs of one kind: a mime type, <c>stdout</c>, <c>stderr</c> or <c>error</c>.</summary>
    public static IReadOnlyList<string> Shown(NotebookDocument document, string cell, string kind) =>
    [
        .. document.Cells.Single(candidate => candidate.Id == cell).Outputs.Select(output => Text(output!, kind)).OfType<string>(),
    ];

    private static string? Text(JsonNode output, string kind)
    {
        string type = (string)output["output_type"]!;
        JsonNode? text = type == "stream" ? (string?)output["name"] == kind ? output["text"] : null
            : type == "error" ? kind == "error" ? output["traceback"] : null
            : output["data"]![kind];
        return text switch
        {
            null => null,
            JsonArray lines when lines.All(line => line is JsonValue value && value.TryGetValue(out string? _)) =>
                string.Concat(lines.Select(line => (string?)line)),
            JsonValue value when value.TryGetValue(out string? whole) => whole,
            _ => text.ToJsonString(),
        };
    }

    public static string Utf8(NotebookDocument document) => Encoding.UTF8.GetString(document.ToBytes());
}
