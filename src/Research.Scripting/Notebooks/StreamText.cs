using System.Text;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>A stream output's text as a reader sees it: carriage returns and backspaces have taken effect.</summary>
/// <remarks>
/// As the notebooks that JupyterLab saves (its <c>fixOverwrittenChars</c>): a progress line that is written a thousand
/// times over itself is stored once, the last time, however its writes were batched.
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
            lines.Add((JsonNode)Settle(line!.GetValue<string>()));
        }
    }

    private static string Settle(string line)
    {
        ReadOnlySpan<char> content = line.AsSpan().TrimEnd('\n').TrimEnd('\r');
        if (content.IndexOfAny('\r', '\b') < 0)
        {
            return line;
        }

        string end = line[content.Length..];
        return content.Contains('\e')
            ? content[(content.LastIndexOf('\r') + 1)..].ToString() + end // Colours take no room: nothing to lay over.
            : Overwrite(content) + end;
    }

    private static string Overwrite(ReadOnlySpan<char> content)
    {
        StringBuilder line = new();
        int cursor = 0;
        foreach (char c in content)
        {
            if (c == '\r')
            {
                cursor = 0;
            }
            else if (c == '\b')
            {
                cursor = Math.Max(0, cursor - 1);
            }
            else if (cursor < line.Length)
            {
                line[cursor++] = c;
            }
            else
            {
                line.Append(c);
                cursor++;
            }
        }

        return line.ToString();
    }
}
