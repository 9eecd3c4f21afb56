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
            string source = DibReader.WithUnixLines(cell.Source);
            string kernel = KernelOf(cell);
            if (kernel == "csharp")
            {
                bool tagged = cell.Tags.Contains("parameters") && !DibReader.IsParameters(source.TrimStart('\n'));
                AppendCode(text, tagged ? $"{DibReader.ParametersComment}\n{source}" : source, kernels, hasMeta);
            }
            else
            {
                AppendCell(text, kernel, source.Split('\n'), line => kernels.TryGetKernel(line, out _), hasMeta);
            }
        }

        text.Length -= text.Length > 0 ? 1 : 0; // A blank line ends each part but the last.
        return Encoding.UTF8.GetBytes(newLine == "\n" ? text.ToString() : text.Replace("\n", newLine).ToString());
    }

    private static void AppendCode(StringBuilder text, string source, DibKernels kernels, bool hasMeta)
    {
        string current = "csharp";
        List<string> part = [];
        foreach (string line in source.Split('\n'))
        {
            if (kernels.TryGetKernel(line, out string? next))
            {
                AppendCell(text, current, part, _ => false, hasMeta);
                part.Clear();
                current = next!;
            }
            else
            {
                part.Add(line);
            }
        }

        AppendCell(text, current, part, _ => false, hasMeta);
    }

    private static void AppendCell(
        StringBuilder text, string kernel, IReadOnlyList<string> lines, Func<string, bool> startsCell, bool hasMeta)
    {
        IEnumerable<string> trimmed = lines.SkipWhile(line => line.Length == 0).Reverse()
            .SkipWhile(line => line.Length == 0).Reverse();
        int start = text.Length;
        foreach (string line in trimmed)
        {
            bool startsMeta = !hasMeta && line.StartsWith("#!meta", StringComparison.Ordinal);
            text.Append(startsMeta || startsCell(line) ? " " : "").Append(line).Append('\n');
        }

        if (text.Length > start)
        {
            text.Insert(start, $"#!{kernel}\n\n").Append('\n');
        }
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
