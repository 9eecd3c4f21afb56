using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>One cell of a notebook; changes go into its document.</summary>
public sealed class NotebookCell
{
    private readonly string _documentLanguage;

    internal NotebookCell(JsonObject json, string documentLanguage)
    {
        Json = json;
        _documentLanguage = documentLanguage;
        Kind = (string?)json["cell_type"] switch
        {
            "code" => NotebookCellKind.Code,
            "markdown" => NotebookCellKind.Markdown,
            _ => NotebookCellKind.Raw,
        };
    }

    /// <summary>Gets what the cell holds.</summary>
    public NotebookCellKind Kind { get; }

    /// <summary>Gets the cell's id, or an empty string in notebooks before nbformat 4.5.</summary>
    public string Id => (string?)Json["id"] ?? "";

    /// <summary>Gets or sets the text, lines separated by LF.</summary>
    public string Source
    {
        get => MultilineText.Join(Json["source"]);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value != Source)
            {
                Json["source"] = MultilineText.Split(value);
            }
        }
    }

    /// <summary>Gets the number a code cell ran as, or null.</summary>
    public int? ExecutionCount => (int?)Json["execution_count"];

    /// <summary>Gets the kernel name the cell is for: <c>csharp</c>, <c>html</c>, <c>python</c>, ...</summary>
    public string Language => Normalise(
        (string?)Metadata["polyglot_notebook"]?["kernelName"] ??
        (string?)Metadata["dotnet_interactive"]?["language"] ??
        (string?)Metadata["vscode"]?["languageId"] ??
        _documentLanguage);

    /// <summary>Gets the cell's tags, for example <c>parameters</c>.</summary>
    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags ? [.. tags.Select(tag => (string?)tag ?? "")] : [];

    /// <summary>Gets a copy of the outputs, as nbformat has them.</summary>
    public JsonArray Outputs => (JsonArray?)Json["outputs"]?.DeepClone() ?? [];

    internal JsonObject Json { get; }

    internal string FirstLine => Source.Split('\n').Select(line => line.Trim())
        .FirstOrDefault(line => line.Length > 0) ?? "";

    private JsonObject Metadata => (JsonObject)Json["metadata"]!;

    /// <summary>Removes the outputs and the execution count of a code cell.</summary>
    public void ClearOutputs()
    {
        if (Kind == NotebookCellKind.Code)
        {
            Json["outputs"] = new JsonArray();
            Json["execution_count"] = null;
        }
    }

    internal static string Normalise(string language) =>
        language is "C#" or "c#" or "csharp" or ".net-csharp" or "dotnet-csharp" ? "csharp" : language;

    internal void SetExecutionCount(int count) => Json["execution_count"] = count;
}
