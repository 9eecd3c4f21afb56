using System.Text;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>A stream output's text as a reader sees it: carriage returns and backspaces have taken effect.</summary>
/// <remarks>
/// As nbclient's and nbconvert's <c>coalesce_streams</c>: a progress line that is written a thousand times over itself
/// is stored once, the last time, however its writes were batched.
/// </remarks>
internal static class StreamText
{
    /// <summary>Adds text to lines as nbformat keeps them.</summary>
    public static void Append(JsonArray lines, string text)
    {
        string open = "";
        if (lines is [.., { } end] && end.GetValue<string>() is var last && !last.EndsWith('\n'))
        {
            open = last;
            lines.RemoveAt(lines.Count - 1);
        }

        foreach (JsonNode? line in MultilineText.Split(open + text).ToArray())
        {
            if (Settle(line!.GetValue<string>()) is { Length: > 0 } settled)
            {
                lines.Add((JsonNode)settled);
            }
        }
    }

    // A carriage return wipes the line once something follows it: a cursor would have to be kept from write to write.
    private static string Settle(string line)
    {
        ReadOnlySpan<char> content = line.AsSpan().TrimEnd('\n').TrimEnd('\r');
        if (content.IndexOfAny('\r', '\b') < 0)
        {
            return line;
        }

        StringBuilder settled = new();
        foreach (char c in content[(content.LastIndexOf('\r') + 1)..])
        {
            if (c == '\b')
            {
                settled.Length = Math.Max(0, settled.Length - 1);
            }
            else
            {
                settled.Append(c);
            }
        }

        return settled.Append(line.AsSpan(content.Length)).ToString();
    }
}
