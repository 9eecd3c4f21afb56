namespace Research.Storage.Ipfs;

/// <summary>Words of a stranger's, fit to stand in a message.</summary>
internal static class OneLine
{
    private const int Longest = 160;

    /// <summary>Gets at most 160 characters without line breaks and other controls.</summary>
    public static string Of(string text)
    {
        string start = text.Length > Longest ? text[..Longest] + "…" : text;
        return string.Create(start.Length, start, (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i])
                    || char.GetUnicodeCategory(from[i])
                        is System.Globalization.UnicodeCategory.Format
                        or System.Globalization.UnicodeCategory.LineSeparator
                        or System.Globalization.UnicodeCategory.ParagraphSeparator
                    ? ' '
                    : from[i];
            }
        }).Trim();
    }
}
