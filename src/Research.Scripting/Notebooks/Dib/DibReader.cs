using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Scripting.Compilation;

namespace Research.Scripting.Notebooks.Dib;

/// <summary>Reads .NET Interactive's <c>.dib</c> text into the form that nbformat has.</summary>
/// <remarks>
/// A file is an optional <c>#!meta</c> with one JSON object, then cells, each under a line <c>#!kernel</c>. Blank lines
/// around a cell are not its own, and an empty cell is none. The object becomes the notebook's
/// <c>metadata.polyglot_notebook</c>, as in the notebooks that VS Code's extension writes. A first line
/// <c>// parameters</c> gives a C# cell the tag of that name, for which the format has no place.
/// Source: dotnet/interactive, CodeSubmission.cs.
/// </remarks>
internal static class DibReader
{
    public const string ParametersComment = "// parameters";

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static JsonObject Read(ReadOnlyMemory<byte> utf8)
    {
        NotebookReader.CheckLength(utf8.Length);
        string text = WithUnixLines(Decode(utf8.Span.StartsWith("\uFEFF"u8) ? utf8.Span[3..] : utf8.Span));
        int position = 0;
        int line = 1;
        if (!HasMark(text) && DataText.Is(text))
        {
            throw new NotebookFormatException("line 1", "cells of code", "what looks like data");
        }

        JsonObject? meta = ReadMeta(text, ref position, ref line);
        DibKernels kernels = DibKernels.Of(meta, "#!meta");
        JsonObject metadata = NotebookMetadata.For(kernels.Default);
        if (meta is not null)
        {
            metadata["polyglot_notebook"] = meta;
        }

        return new JsonObject
        {
            ["cells"] = ReadCells(text, position, line, kernels),
            ["metadata"] = metadata,
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
    }

    private static bool HasMark(string text) => text.StartsWith("#!", StringComparison.Ordinal) ||
        text.Contains("\n#!", StringComparison.Ordinal);

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException exception)
        {
            int line = 1 + utf8[..Math.Clamp(exception.Index, 0, utf8.Length)].Count((byte)'\n');
            throw new NotebookFormatException($"line {line}", "UTF-8 text", "an invalid sequence");
        }
    }

    private static JsonObject? ReadMeta(string text, ref int position, ref int line)
    {
        int start = position;
        int startLine = line;
        ReadOnlySpan<char> first = [];
        while (start < text.Length && (first = LineAt(text, start, out int after)).IsWhiteSpace())
        {
            start = after;
            startLine++;
        }

        if (!first.TrimEnd().SequenceEqual("#!meta"))
        {
            return null;
        }

        LineAt(text, start, out int json);
        int end = json;
        int lines = 0;
        while (end < text.Length && !LineAt(text, end, out int after).StartsWith("#!", StringComparison.Ordinal))
        {
            end = after;
            lines++;
        }

        JsonObject meta = ParseMeta(text[json..end], startLine + 1);
        (position, line) = (end, startLine + 1 + lines);
        return meta;
    }

    private static JsonObject ParseMeta(string json, int line)
    {
        try
        {
            return NotebookReader.Expect<JsonObject>(
                NotebookReader.ParseJson(Encoding.UTF8.GetBytes(json), "#!meta"), $"line {line}", "a JSON object");
        }
        catch (JsonException exception)
        {
            throw new NotebookFormatException(
                $"line {line + (exception.LineNumber ?? 0)}", "the JSON object of #!meta", JsonPlace.Of(exception));
        }
    }

    private static JsonArray ReadCells(string text, int position, int line, DibKernels kernels)
    {
        JsonArray cells = [];
        string current = kernels.Default;
        int start = position;
        while (position < text.Length)
        {
            int at = position;
            if (kernels.TryGetKernel(LineAt(text, at, out position), out string? next))
            {
                Add(cells, current, text.AsSpan(start, at - start), line);
                (current, start) = (next!, position);
            }

            line++;
        }

        Add(cells, current, text.AsSpan(start), line);
        return cells;
    }

    private static void Add(JsonArray cells, string kernel, ReadOnlySpan<char> lines, int line)
    {
        string source = WithoutBlankEnds(lines).ToString();
        if (source.Length == 0)
        {
            return;
        }

        if (cells.Count == NotebookReader.MaximumCells)
        {
            throw new NotebookFormatException(
                $"line {line}", $"at most {NotebookReader.MaximumCells} cells", "one more");
        }

        cells.Add((JsonNode)Cell(kernel, source, cells.Count + 1));
    }

    private static JsonObject Cell(string kernel, string source, int number)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"cell-{number}");
        if (kernel is "markdown" or "raw")
        {
            return new JsonObject
            {
                ["cell_type"] = kernel,
                ["id"] = id,
                ["metadata"] = new JsonObject(),
                ["source"] = MultilineText.Split(source),
            };
        }

        JsonObject metadata = NotebookMetadata.ForCell(kernel);
        if (kernel == "csharp" && IsParameters(source))
        {
            metadata["tags"] = new JsonArray("parameters");
        }

        return new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = id,
            ["metadata"] = metadata,
            ["outputs"] = new JsonArray(),
            ["source"] = MultilineText.Split(source),
        };
    }

    internal static bool IsParameters(string source) =>
        source.AsSpan(0, source.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? end : source.Length)
            .TrimEnd().Equals(ParametersComment, StringComparison.Ordinal);

    /// <summary>Trims line ends, never the spaces of a line that has more than those.</summary>
    internal static ReadOnlySpan<char> WithoutBlankEnds(ReadOnlySpan<char> lines) => lines.Trim('\n');

    internal static string WithUnixLines(string text) => text.Contains('\r', StringComparison.Ordinal)
        ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
        : text;

    private static ReadOnlySpan<char> LineAt(string text, int start, out int next)
    {
        int end = text.IndexOf('\n', start);
        next = end < 0 ? text.Length : end + 1;
        return text.AsSpan(start, (end < 0 ? text.Length : end) - start);
    }
}
