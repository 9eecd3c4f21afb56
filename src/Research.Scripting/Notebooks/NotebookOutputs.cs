using System.Text.Json.Nodes;
using Research.Scripting.Outputs;

namespace Research.Scripting.Notebooks;

/// <summary>Writes a run's outputs into a document as nbformat has them.</summary>
internal sealed class NotebookOutputs
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<JsonObject>> _displays = new(StringComparer.Ordinal);
    private readonly HashSet<NotebookCell> _clearing = [];
    private bool _closed;

    /// <summary>Adds one output to a cell; an update changes the outputs shown before, in whatever cell.</summary>
    public void Add(NotebookCell cell, CellOutput output)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            switch (output)
            {
                case StreamOutput stream:
                    AddStream(OutputsOf(cell), stream);
                    break;
                case DisplayOutput display:
                    JsonObject shown = Display("display_data", display.Bundle);
                    _displays[display.DisplayId] = [.. _displays.GetValueOrDefault(display.DisplayId, []), shown];
                    OutputsOf(cell).Add((JsonNode)shown);
                    break;
                case DisplayUpdate update:
                    foreach (JsonObject known in _displays.GetValueOrDefault(update.DisplayId, []))
                    {
                        known["data"] = DataOf(update.Bundle);
                    }

                    break;
                case ResultOutput result:
                    JsonObject value = Display("execute_result", result.Bundle);
                    value.Insert(1, "execution_count", cell.ExecutionCount);
                    OutputsOf(cell).Add((JsonNode)value);
                    break;
                case ClearOutput clear:
                    _clearing.Add(cell);
                    if (!clear.Wait)
                    {
                        OutputsOf(cell);
                    }

                    break;
            }
        }
    }

    public void AddError(NotebookCell cell, CellError error)
    {
        lock (_gate)
        {
            OutputsOf(cell).Add((JsonNode)new JsonObject
            {
                ["ename"] = error.Name,
                ["evalue"] = error.Message,
                ["output_type"] = "error",
                ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
            });
        }
    }

    /// <summary>Ends the run: what background work still shows is nobody's.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    // A cell that asked to be cleared before its next output is cleared now.
    private JsonArray OutputsOf(NotebookCell cell)
    {
        JsonArray outputs = (JsonArray)cell.Json["outputs"]!;
        if (_clearing.Remove(cell))
        {
            outputs.Clear();
        }

        return outputs;
    }

    // Pieces of one stream that follow each other are one output, however they were batched.
    private static void AddStream(JsonArray outputs, StreamOutput stream)
    {
        if (outputs is not [.., JsonObject last] || (string?)last["output_type"] != "stream" ||
            (string?)last["name"] != stream.Name)
        {
            last = new JsonObject
            {
                ["name"] = stream.Name,
                ["output_type"] = "stream",
                ["text"] = new JsonArray(),
            };
            outputs.Add((JsonNode)last);
        }

        StreamText.Append((JsonArray)last["text"]!, stream.Text);
    }

    private static JsonObject Display(string type, MimeBundle bundle) => new()
    {
        ["data"] = DataOf(bundle),
        ["metadata"] = new JsonObject(),
        ["output_type"] = type,
    };

    // As nbformat's split_lines: text and the two others that are text at heart become lines, the rest stays whole.
    private static JsonObject DataOf(MimeBundle bundle)
    {
        JsonObject data = [];
        foreach (string mimeType in bundle.MimeTypes)
        {
            bool isText = mimeType.StartsWith("text/", StringComparison.Ordinal) ||
                mimeType is "image/svg+xml" or "application/javascript";
            data[mimeType] = isText ? MultilineText.Split(bundle.Text(mimeType)!) : Sorted(bundle.Json(mimeType));
        }

        return data;
    }

    // nbformat writes all keys in sorted order: whoever saves the notebook in Jupyter must not change it.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
