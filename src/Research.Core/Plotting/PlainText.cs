using System.Globalization;
using System.Net;
using System.Text;

namespace Research.Plotting;

/// <summary>Text from strangers, made safe to show.</summary>
public static class PlainText
{
    private const int LongestText = 500;

    /// <summary>Replaces what no output may carry: control characters, lone surrogates, direction overrides.</summary>
    /// <remarks>
    /// Escape sequences would steer a terminal, control characters are not XML, overrides reorder the page.
    /// </remarks>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= LongestText)
            {
                clean.Append('…');
                break;
            }

            clean.Append(rune.Value is '\t' or '\n' or '\r' ? " " : IsAllowed(rune) ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }

    /// <summary>Escapes for element content and quoted attributes, in HTML and XML alike.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(KeepAllowed(text));

    /// <summary>Shortens to a number of text elements, marking the cut.</summary>
    public static string Shorten(string text, int length)
    {
        StringInfo elements = new(text);
        return elements.LengthInTextElements <= length
            ? text
            : elements.SubstringByTextElements(0, Math.Max(0, length - 1)).TrimEnd() + "…";
    }

    private static string KeepAllowed(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            kept.Append(rune.Value is '\t' or '\n' || IsAllowed(rune) ? rune.ToString() : "\uFFFD");
        }

        return kept.ToString();
    }

    private static bool IsAllowed(Rune rune) =>
        !Rune.IsControl(rune)
        && rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x2028 or 0x2029)
        && (rune.Value & 0xFFFE) != 0xFFFE;
}
