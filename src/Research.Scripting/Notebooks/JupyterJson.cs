using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>Writes JSON as Jupyter does: one-space indent, LF, nothing escaped that need not be, numbers as they
/// were.</summary>
/// <remarks>The bytes equal those of Python's <c>json.dumps(indent=1, ensure_ascii=False, separators=(",", ":
/// "))</c> and
/// of VS Code's serializer, so that saving in one and running in the other does not churn.</remarks>
internal static class JupyterJson
{
    public static byte[] Write(JsonNode root)
    {
        StringBuilder text = new();
        WriteNode(root, text, 0);
        text.Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteNode(JsonNode? node, StringBuilder text, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonObject members:
                text.Append('{');
                bool first = true;
                foreach ((string name, JsonNode? value) in members)
                {
                    StartLine(text, depth + 1, ref first);
                    WriteString(name, text);
                    text.Append(": ");
                    WriteNode(value, text, depth + 1);
                }

                text.Append('\n').Append(' ', depth).Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                first = true;
                foreach (JsonNode? item in items)
                {
                    StartLine(text, depth + 1, ref first);
                    WriteNode(item, text, depth + 1);
                }

                text.Append('\n').Append(' ', depth).Append(']');
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                {
                    WriteString(node.GetValue<string>(), text);
                }
                else
                {
                    text.Append(node.ToJsonString());
                }

                break;
        }
    }

    private static void StartLine(StringBuilder text, int depth, ref bool first)
    {
        text.Append(first ? "\n" : ",\n").Append(' ', depth);
        first = false;
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append(@"\\");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case '\b':
                    text.Append("\\b");
                    break;
                case '\f':
                    text.Append("\\f");
                    break;
                case < ' ':
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }
}
