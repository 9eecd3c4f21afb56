namespace Research.Scripting.Directives;

/// <summary>A part of a cell in one language.</summary>
/// <param name="Language"><c>csharp</c>, or the name of the switch without its sign, for example <c>html</c>.</param>
/// <param name="Text">For C#: the cell with the other parts blank, so that line numbers stay; else the part
/// itself.</param>
/// <param name="Switch">The line that switched to the language; null for C#.</param>
internal sealed record CellSegment(string Language, string Text, Directive? Switch = null)
{
    /// <summary>Gets the directives that switch the language, those of languages that do not run here left
    /// out.</summary>
    public static IReadOnlyCollection<string> Switches { get; } = [.. CellLanguages.Verbs.Select(verb => verb.Name)];

    /// <summary>Splits a cell at its language switches.</summary>
    /// <remarks>In C#, the compiler's lexer decides what is one: never text inside a string or a comment.</remarks>
    public static IReadOnlyList<CellSegment> Split(string code)
    {
        if (!code.Contains("#!", StringComparison.Ordinal))
        {
            return [new CellSegment("csharp", code)];
        }

        List<CellSegment> segments = [];
        Directive? current = null; // C#.
        int start = 0;
        while (true)
        {
            int end = NextSwitch(code, start, inCSharp: current is null);
            Add(segments, current, code, start, end);
            if (end == code.Length)
            {
                return segments;
            }

            int lineEnd = code.AsSpan(end).IndexOf('\n') is var length and >= 0 ? end + length : code.Length;
            Directive next = DirectiveScanner.Parse(code[end..lineEnd], 1 + code.AsSpan(0, end).Count('\n'));
            current = CellLanguages.IsCSharp(next.Name) && next.Argument.Length == 0 ? null : next;
            start = Math.Min(lineEnd + 1, code.Length);
        }
    }

    private static int NextSwitch(string code, int start, bool inCSharp)
    {
        if (inCSharp)
        {
            return DirectiveScanner.FirstSwitch(code, start);
        }

        while (start < code.Length)
        {
            int end = code.AsSpan(start).IndexOf('\n') is var length and >= 0 ? start + length : code.Length;
            ReadOnlySpan<char> line = code.AsSpan(start, end - start).Trim();
            if (line.StartsWith("#!") && CellLanguages.IsSwitch(DirectiveScanner.Parse(line.ToString(), 1).Name))
            {
                return start;
            }

            start = Math.Min(end + 1, code.Length);
        }

        return code.Length;
    }

    private static void Add(List<CellSegment> segments, Directive? current, string code, int start, int end)
    {
        string text = code[start..end];
        if (current is not null)
        {
            segments.Add(new CellSegment(current.Name[2..], text.TrimEnd('\r', '\n'), current));
        }
        else
        {
            int from = start;
            foreach (int division in DirectiveScanner.Divisions(text).Append(text.Length))
            {
                AddCSharp(segments, code, from, start + division);
                from = start + division;
            }
        }
    }

    private static void AddCSharp(List<CellSegment> segments, string code, int start, int end)
    {
        if (!string.IsNullOrWhiteSpace(code[start..end]))
        {
            segments.Add(
                new CellSegment("csharp", new string('\n', code.AsSpan(0, start).Count('\n')) + code[start..end]));
        }
    }
}
