namespace Research.Scripting.Directives;

/// <summary>A part of a cell in one language.</summary>
/// <param name="Language"><c>csharp</c>, <c>html</c>, <c>javascript</c>, <c>markdown</c> or <c>mermaid</c>.</param>
/// <param name="Text">For C#: the cell with the other parts blank, so that line numbers stay; else the part
/// itself.</param>
internal sealed record CellSegment(string Language, string Text)
{
    private static readonly Dictionary<string, string> Languages = new(StringComparer.Ordinal)
    {
        ["#!csharp"] = "csharp",
        ["#!C#"] = "csharp",
        ["#!c#"] = "csharp",
        ["#!html"] = "html",
        ["#!javascript"] = "javascript",
        ["#!js"] = "javascript",
        ["#!markdown"] = "markdown",
        ["#!mermaid"] = "mermaid",
    };

    /// <summary>Gets the directives that switch the language.</summary>
    public static IReadOnlyCollection<string> Switches => Languages.Keys;

    /// <summary>Splits a cell at its language switches.</summary>
    public static IReadOnlyList<CellSegment> Split(string code)
    {
        if (!code.Contains("#!", StringComparison.Ordinal))
        {
            return [new CellSegment("csharp", code)];
        }

        List<CellSegment> segments = [];
        string language = "csharp";
        List<string> part = [];
        int blankLines = 0;
        foreach (string line in code.Split('\n'))
        {
            if (Languages.TryGetValue(line.Trim(), out string? next))
            {
                Add(segments, language, part, blankLines);
                blankLines += part.Count + 1;
                part.Clear();
                language = next;
            }
            else
            {
                part.Add(line);
            }
        }

        Add(segments, language, part, blankLines);
        return segments;
    }

    private static void Add(List<CellSegment> segments, string language, List<string> part, int blankLines)
    {
        string text = string.Join('\n', part);
        if (!string.IsNullOrWhiteSpace(text))
        {
            segments.Add(new CellSegment(language, language == "csharp" ? new string('\n', blankLines) + text : text));
        }
    }
}
