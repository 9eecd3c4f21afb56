using Research.Scripting.Intelligence;

namespace Research.Cli.Repl;

/// <summary>Applies a completion to the entry: what all candidates share is inserted, the rest is listed.</summary>
internal static class CompletionMenu
{
    private const int MostShown = 100;

    /// <summary>Inserts what is certain.</summary>
    /// <returns>The lines to show below the entry; none when there is nothing to choose.</returns>
    public static IReadOnlyList<string> Apply(CompletionList list, LineBuffer buffer, int width)
    {
        if (list.Items.Count == 0 || list.End > buffer.Text.Length || list.Start > list.End)
        {
            return [];
        }

        string typed = buffer.Text[list.Start..buffer.Cursor];
        string[] texts = [.. list.Items.Select(item => item.Text)];
        string[] likely = [.. texts.Where(text => text.StartsWith(typed, StringComparison.Ordinal))];
        string[] wanted = likely.Length > 0 ? likely : texts;
        string shared = Shared(wanted);
        if (wanted.Length == 1 || shared.Length > typed.Length)
        {
            buffer.Replace(list.Start, list.End, shared);
            return [];
        }

        return Columns(wanted, width);
    }

    private static string Shared(string[] texts)
    {
        int length = texts[0].Length;
        foreach (string text in texts)
        {
            length = Math.Min(length, text.AsSpan().CommonPrefixLength(texts[0]));
        }

        return texts[0][..length];
    }

    private static List<string> Columns(string[] texts, int width)
    {
        string[] shown = [.. texts.Take(MostShown)];
        int column = Math.Min(shown.Max(TextWidth.Of) + 2, Math.Max(width, 4));
        int columns = Math.Max(1, width / column);
        List<string> lines =
        [
            .. shown.Chunk(columns).Select(row => string.Concat(
                row.Select(text => text + new string(' ', Math.Max(0, column - TextWidth.Of(text))))).TrimEnd()),
        ];
        if (texts.Length > shown.Length)
        {
            lines.Add($"... and {texts.Length - shown.Length} more");
        }

        return lines;
    }
}
