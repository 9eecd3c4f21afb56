using System.Globalization;
using System.Text;

namespace Research.Plotting;

/// <summary>Estimates how wide text will be in an unknown sans-serif font.</summary>
/// <remarks>Widths follow DejaVu Sans, among the widest of system fonts, so that text fits in the others too.</remarks>
internal static class TextSize
{
    public static double Width(string text, double fontSize)
    {
        double ems = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            ems += Ems(rune);
        }

        return ems * fontSize;
    }

    /// <summary>Shortens text until it fits, marking the cut.</summary>
    public static string Fit(string text, double fontSize, double width)
    {
        string fitted = text;
        int length = text.Length;
        while (Width(fitted, fontSize) > width && length > 1)
        {
            length = Math.Min(length - 1, Math.Max(1, (int)(length * width / Width(fitted, fontSize))));
            fitted = PlainText.Shorten(text, length);
        }

        return fitted;
    }

    /// <summary>Shortens text in its middle until it fits: names of a kind often differ at the end.</summary>
    public static string FitMiddle(string text, double fontSize, double width)
    {
        StringInfo elements = new(text);
        for (int kept = elements.LengthInTextElements; kept > 1; kept--)
        {
            string fitted = kept == elements.LengthInTextElements
                ? text
                : elements.SubstringByTextElements(0, kept - (kept / 2)).TrimEnd() + "…"
                    + elements.SubstringByTextElements(elements.LengthInTextElements - (kept / 2)).TrimStart();
            if (Width(fitted, fontSize) <= width)
            {
                return fitted;
            }
        }

        return Fit(text, fontSize, width);
    }

    /// <summary>
    /// Breaks text at spaces into lines that fit; the last of at most <paramref name="lines"/> is shortened.
    /// </summary>
    public static List<string> Wrap(string text, double fontSize, double width, int lines)
    {
        List<string> wrapped = [];
        string rest = text.Trim();
        while (rest.Length > 0)
        {
            string line = wrapped.Count == lines - 1 ? rest : FirstLine(rest, fontSize, width);
            wrapped.Add(Fit(line, fontSize, width));
            rest = rest[line.Length..].TrimStart();
        }

        return wrapped;
    }

    private static string FirstLine(string text, double fontSize, double width)
    {
        int end = text.Length;
        while (end > 0 && Width(text[..end], fontSize) > width)
        {
            end = text.LastIndexOf(' ', end - 1);
        }

        if (end > 0)
        {
            return text[..end];
        }

        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? text : text[..space];
    }

    private static double Ems(Rune rune) => rune.Value switch
    {
        ' ' or 'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or 'I' => 0.34,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' or '/' => 0.41,
        'm' or 'M' or 'w' or 'W' or '@' or '%' or '…' => 1.0,
        '−' or '×' or '+' or '=' or '<' or '>' or '~' => 0.84,
        >= '⁰' and <= '₎' or '¹' or '²' or '³' => 0.43,
        >= 'A' and <= 'Z' => 0.76,
        < 0x1100 => 0.64,
        _ => 1.05,
    };
}
