using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks.Dib;

/// <summary>Writes a notebook as .NET Interactive's <c>.dib</c> text.</summary>
/// <remarks>
/// The format has no place for outputs, ids and metadata of cells, and drops empty cells and blank lines around cells.
/// Lines of prose that would start a cell get a space in front: the format knows no escape. In C# such a line switches
/// the language when it runs, so that the cell rightly becomes two.
/// </remarks>
internal static class DibWriter
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // As .NET Interactive writes: no HTML here.
    };

    /// <summary>Writes a document's cells.</summary>
    /// <param name="metadata">The document's metadata.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="newLine">LF, or the line end its file had.</param>
    /// <exception cref="NotebookFormatException">A cell's language cannot be written.</exception>
    public static byte[] Write(JsonObject metadata, IReadOnlyList<NotebookCell> cells, string newLine)
    {
        JsonObject? meta = (metadata["polyglot_notebook"] as JsonObject)?.DeepClone() as JsonObject;
        DibKernels kernels = Declare(ref meta, cells);
        StringBuilder text = new();
        if (meta is { Count: > 0 })
        {
            text.Append("#!meta\n\n").Append(meta.ToJsonString(Compact)).Append("\n\n");
        }

        bool hasMeta = text.Length > 0;
        foreach (NotebookCell cell in cells)
        {
            ReadOnlySpan<char> lines = DibReader.WithoutBlankEnds(DibReader.WithUnixLines(cell.Source));
            if (!lines.IsEmpty)
            {
                Append(text, KernelOf(cell), lines, kernels, hasMeta, cell);
            }
        }

        text.Length -= text.Length > 0 ? 1 : 0; // A blank line ends each part but the last.
        return Encoding.UTF8.GetBytes(newLine == "\n" ? text.ToString() : text.Replace("\n", newLine).ToString());
    }

    private static void Append(
        StringBuilder text,
        string kernel,
        ReadOnlySpan<char> lines,
        DibKernels kernels,
        bool hasMeta,
        NotebookCell cell)
    {
        text.Append("#!").Append(kernel).Append("\n\n");
        if (cell.Tags.Contains("parameters") && kernel == "csharp" && !DibReader.IsParameters(lines.ToString()))
        {
            text.Append(DibReader.ParametersComment).Append('\n');
        }

        foreach (Range range in lines.Split('\n'))
        {
            ReadOnlySpan<char> line = lines[range];
            bool startsCell = kernel != "csharp" && kernels.TryGetKernel(line, out _);
            bool startsMeta = !hasMeta && line.StartsWith("#!meta", StringComparison.Ordinal);
            text.Append(startsCell || startsMeta ? " " : "").Append(line).Append('\n');
        }

        text.Append('\n');
    }

    private static string KernelOf(NotebookCell cell) => cell.Kind switch
    {
        NotebookCellKind.Markdown => "markdown",
        NotebookCellKind.Raw => "raw",
        _ => cell.Language,
    };

    // A reader splits at names it knows: whatever is not .NET Interactive's own has to be in #!meta.
    private static DibKernels Declare(ref JsonObject? meta, IReadOnlyList<NotebookCell> cells)
    {
        const string Where = "$.metadata.polyglot_notebook";
        DibKernels kernels = DibKernels.Of(meta, Where);
        bool isRawDeclared = meta?["kernelInfo"]?["items"] is JsonArray known &&
            known.Any(item => (string?)item!["name"] == "raw");
        string[] missing =
        [
            .. cells.Select(KernelOf).Distinct(StringComparer.Ordinal)
                .Where(name => !kernels.Contains(name) || (name == "raw" && !isRawDeclared)),
        ];
        if (missing.Length == 0)
        {
            return kernels;
        }

        meta ??= [];
        JsonObject info = (JsonObject)(meta["kernelInfo"] ??= new JsonObject { ["defaultKernelName"] = "csharp" });
        JsonArray items = (JsonArray)(info["items"] ??= new JsonArray());
        foreach (string name in missing)
        {
            items.Add((JsonNode)new JsonObject { ["aliases"] = new JsonArray(), ["name"] = name });
        }

        return DibKernels.Of(meta, Where);
    }
}
