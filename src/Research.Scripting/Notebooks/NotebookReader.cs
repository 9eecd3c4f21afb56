using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>Parses and checks a notebook: everything later code relies on is proved here.</summary>
internal static class NotebookReader
{
    public const int MaximumBytes = 64 << 20;
    private const int MaximumDepth = 100;
    public const int MaximumCells = 100_000;

    // Those of nbformat; any other name is the file's own, and errors do not quote it.
    private static readonly string[] Names =
    [
        "attachments", "cell_type", "cells", "data", "ename", "evalue", "execution_count", "id", "kernelspec",
        "language_info", "metadata", "name", "nbformat", "nbformat_minor", "output_type", "outputs", "source", "tags",
        "text", "traceback",
    ];

    private static readonly string[] CellTypes = ["code", "markdown", "raw"];

    public static JsonObject Read(ReadOnlyMemory<byte> utf8)
    {
        CheckLength(utf8.Length);
        JsonNode? root;
        try
        {
            root = ParseJson(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, "$");
        }
        catch (JsonException exception)
        {
            throw new NotebookFormatException("$", "JSON", JsonPlace.Of(exception));
        }

        JsonObject notebook = Expect<JsonObject>(root, "$", "an object");
        int format = Integer(notebook["nbformat"], "$.nbformat");
        if (format != 4)
        {
            throw new NotebookFormatException("$.nbformat", "4", format is >= 1 and <= 9 ? $"{format}" : "another number");
        }

        int minor = Integer(notebook["nbformat_minor"], "$.nbformat_minor");
        CheckMetadata(Expect<JsonObject>(notebook["metadata"], "$.metadata", "an object"));
        JsonArray cells = Expect<JsonArray>(notebook["cells"], "$.cells", "an array");
        if (cells.Count > MaximumCells)
        {
            throw new NotebookFormatException("$.cells", $"at most {MaximumCells} cells", $"{cells.Count}");
        }

        HashSet<string> ids = new(StringComparer.Ordinal);
        for (int i = 0; i < cells.Count; i++)
        {
            CheckCell(Expect<JsonObject>(cells[i], $"$.cells[{i}]", "an object"), $"$.cells[{i}]", minor, ids);
        }

        return notebook;
    }

    /// <summary>Refuses more bytes than any notebook has.</summary>
    /// <exception cref="NotebookFormatException">There are more.</exception>
    public static void CheckLength(long bytes)
    {
        if (bytes > MaximumBytes)
        {
            throw new NotebookFormatException("$", $"at most {MaximumBytes} bytes", $"{bytes}");
        }
    }

    /// <summary>Parses JSON of bounded depth whose strings are text and whose names are unique.</summary>
    /// <exception cref="JsonException">It is not JSON, nests too deep or repeats a name.</exception>
    /// <exception cref="NotebookFormatException">A string is no text.</exception>
    public static JsonNode? ParseJson(ReadOnlyMemory<byte> utf8, string path)
    {
        JsonDocumentOptions options = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };
        using JsonDocument check = JsonDocument.Parse(utf8, options);
        CheckStrings(check.RootElement, path);
        return JsonNode.Parse(utf8.Span, documentOptions: options);
    }

    private static void CheckMetadata(JsonObject metadata)
    {
        foreach ((string group, string field) in ((string, string)[])
            [("kernelspec", "name"), ("kernelspec", "language"), ("language_info", "name")])
        {
            if (metadata[group] is { } value)
            {
                JsonObject members = Expect<JsonObject>(value, $"$.metadata.{group}", "an object");
                OptionalText(members[field], $"$.metadata.{group}.{field}");
            }
        }
    }

    private static void CheckCell(JsonObject cell, string path, int minor, HashSet<string> ids)
    {
        string type = Text(cell["cell_type"], $"{path}.cell_type");
        if (!CellTypes.Contains(type))
        {
            throw new NotebookFormatException($"{path}.cell_type", "code, markdown or raw", "another word");
        }

        CheckCellMetadata(Expect<JsonObject>(cell["metadata"], $"{path}.metadata", "an object"), $"{path}.metadata");
        Lines(cell["source"], $"{path}.source");
        if (minor >= 5 || cell["id"] is not null)
        {
            CheckId(Text(cell["id"], $"{path}.id"), $"{path}.id", ids);
        }

        if (type != "code")
        {
            return;
        }

        if (cell["execution_count"] is { } count && Integer(count, $"{path}.execution_count") < 0)
        {
            throw new NotebookFormatException($"{path}.execution_count", "null or at least 0", "a number below");
        }

        JsonArray outputs = Expect<JsonArray>(cell["outputs"], $"{path}.outputs", "an array");
        for (int i = 0; i < outputs.Count; i++)
        {
            CheckOutput(Expect<JsonObject>(outputs[i], $"{path}.outputs[{i}]", "an object"), $"{path}.outputs[{i}]");
        }
    }

    private static void CheckCellMetadata(JsonObject metadata, string path)
    {
        foreach ((string group, string field) in ((string, string)[])
            [("polyglot_notebook", "kernelName"), ("dotnet_interactive", "language"), ("vscode", "languageId")])
        {
            if (metadata[group] is { } value)
            {
                JsonObject members = Expect<JsonObject>(value, $"{path}.{group}", "an object");
                OptionalText(members[field], $"{path}.{group}.{field}");
            }
        }

        if (metadata["tags"] is { } tags)
        {
            JsonArray names = Expect<JsonArray>(tags, $"{path}.tags", "an array");
            for (int i = 0; i < names.Count; i++)
            {
                Text(names[i], $"{path}.tags[{i}]");
            }
        }
    }

    private static void CheckId(string id, string path, HashSet<string> ids)
    {
        bool legal = id.Length is >= 1 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        if (!legal)
        {
            throw new NotebookFormatException(path, "1 to 64 letters, digits, - or _", "another text");
        }

        if (!ids.Add(id))
        {
            throw new NotebookFormatException(path, "an id that no other cell has", "one again");
        }
    }

    private static void CheckOutput(JsonObject output, string path)
    {
        string type = Text(output["output_type"], $"{path}.output_type");
        switch (type)
        {
            case "stream":
                Text(output["name"], $"{path}.name");
                Lines(output["text"], $"{path}.text");
                break;
            case "display_data" or "execute_result":
                Expect<JsonObject>(output["data"], $"{path}.data", "an object");
                Expect<JsonObject>(output["metadata"], $"{path}.metadata", "an object");
                break;
            case "error":
                Text(output["ename"], $"{path}.ename");
                Text(output["evalue"], $"{path}.evalue");
                Expect<JsonArray>(output["traceback"], $"{path}.traceback", "an array");
                break;
            default:
                throw new NotebookFormatException(
                    $"{path}.output_type", "stream, display_data, execute_result or error", "another word");
        }
    }

    public static T Expect<T>(JsonNode? node, string path, string expected)
        where T : JsonNode =>
        node as T ?? throw new NotebookFormatException(path, expected, Describe(node));

    private static void OptionalText(JsonNode? node, string path)
    {
        if (node is not null)
        {
            Text(node, path);
        }
    }

    public static string Text(JsonNode? node, string path) =>
        node is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw new NotebookFormatException(path, "a string", Describe(node));

    private static int Integer(JsonNode? node, string path) =>
        node is JsonValue value && value.TryGetValue(out int number)
            ? number
            : throw new NotebookFormatException(path, "an integer", Describe(node));

    private static void Lines(JsonNode? node, string path)
    {
        if (node is not JsonArray lines)
        {
            Text(node, path);
            return;
        }

        for (int i = 0; i < lines.Count; i++)
        {
            Text(lines[i], $"{path}[{i}]");
        }
    }

    // What kind of value is there, never the value: any file may be taken for a notebook.
    private static string Describe(JsonNode? node) => node switch
    {
        null => "nothing or null",
        JsonObject => "an object",
        JsonArray => "an array",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number that is none",
            _ => "true or false",
        },
    };

    // The parser accepts escapes and bytes that are no text (lone surrogates, bad UTF-8) until they are read.
    private static void CheckStrings(JsonElement element, string path)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    element.GetString();
                    break;
                case JsonValueKind.Array:
                    int index = 0;
                    foreach (JsonElement item in element.EnumerateArray())
                    {
                        CheckStrings(item, item.ValueKind == JsonValueKind.String ? path : $"{path}[{index}]");
                        index++;
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty property in element.EnumerateObject())
                    {
                        CheckStrings(property.Value, $"{path}.{(Names.Contains(property.Name) ? property.Name : "*")}");
                    }

                    break;
            }
        }
        catch (InvalidOperationException)
        {
            throw new NotebookFormatException(path, "Unicode text", "an invalid sequence");
        }
    }
}
