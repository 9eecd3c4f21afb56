namespace Research.Scripting.Notebooks.Html;

/// <summary>One tag of an HTML text, read as browsers read it.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="IsEnd">Whether it is <c>&lt;/name&gt;</c>.</param>
/// <param name="IsSelfClosing">Whether it ends in <c>/&gt;</c>, which counts only inside SVG and MathML.</param>
/// <param name="Attributes">Names as written, values with references decoded; null for none.</param>
/// <param name="End">Where the text goes on.</param>
internal readonly record struct HtmlTag(
    string Name, bool IsEnd, bool IsSelfClosing, IReadOnlyList<(string Name, string? Value)> Attributes, int End)
{
    private const int MostAttributes = 100;

    /// <summary>Reads a tag.</summary>
    /// <param name="html">The text.</param>
    /// <param name="start">Where a <c>&lt;</c> stands.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>False when no tag begins there. One that never ends has no name and takes the rest of the text, as in
    /// browsers.</returns>
    public static bool TryRead(string html, int start, out HtmlTag tag)
    {
        tag = default;
        int at = start + 1;
        bool isEnd = at < html.Length && html[at] == '/';
        at += isEnd ? 1 : 0;
        if (at >= html.Length || !char.IsAsciiLetter(html[at]))
        {
            return false;
        }

        int name = at;
        while (at < html.Length && html[at] is not ('>' or '/') && !IsSpace(html[at]))
        {
            at++;
        }

        string lower = html[name..at].ToLowerInvariant();
        List<(string, string?)> attributes = [];
        while (at < html.Length && html[at] != '>')
        {
            if (html[at] == '/' || IsSpace(html[at]))
            {
                at++;
                continue;
            }

            (string, string?) attribute = ReadAttribute(html, ref at);
            if (attributes.Count < MostAttributes)
            {
                attributes.Add(attribute);
            }
        }

        if (at >= html.Length)
        {
            tag = new HtmlTag("", IsEnd: true, IsSelfClosing: false, [], html.Length);
            return true;
        }

        tag = new HtmlTag(lower, isEnd, html[at - 1] == '/', attributes, at + 1);
        return true;
    }

    private static (string Name, string? Value) ReadAttribute(string html, ref int at)
    {
        int start = at++; // A first "=" belongs to the name, as browsers have it.
        while (at < html.Length && html[at] is not ('>' or '/' or '=') && !IsSpace(html[at]))
        {
            at++;
        }

        string name = html[start..at];
        int value = at;
        while (value < html.Length && IsSpace(html[value]))
        {
            value++;
        }

        if (value >= html.Length || html[value] != '=')
        {
            return (name, null);
        }

        at = value + 1;
        while (at < html.Length && IsSpace(html[at]))
        {
            at++;
        }

        return (name, System.Net.WebUtility.HtmlDecode(ReadValue(html, ref at)));
    }

    private static string ReadValue(string html, ref int at)
    {
        int start = at;
        if (at < html.Length && html[at] is '"' or '\'')
        {
            int close = html.IndexOf(html[at], at + 1);
            at = close < 0 ? html.Length : close + 1;
            return close < 0 ? "" : html[(start + 1)..close];
        }

        while (at < html.Length && html[at] != '>' && !IsSpace(html[at]))
        {
            at++;
        }

        return html[start..at];
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\f' or '\r';
}
