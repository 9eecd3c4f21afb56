using System.Globalization;
using System.Net;
using System.Text;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Turns a terminal's text into HTML: colours and weights by ECMA-48's SGR sequences, the rest left
/// out.</summary>
internal sealed class AnsiHtml
{
    private const int MostCodes = 32;

    private readonly StringBuilder _html = new();
    private readonly SortedSet<string> _classes = new(StringComparer.Ordinal);
    private string _ink = "";
    private string _paper = "";
    private bool _isSpanOpen;

    private AnsiHtml()
    {
    }

    public static string From(string text)
    {
        if (!text.Contains('\e'))
        {
            return Encode(text);
        }

        AnsiHtml writer = new();
        writer.Read(text);
        return writer._html.ToString();
    }

    private void Read(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int escape = text.IndexOf('\e', at);
            int end = escape < 0 ? text.Length : escape;
            WriteText(text[at..end]);
            at = escape < 0 ? text.Length : ReadSequence(text, escape);
        }

        WriteStyle();
    }

    private void WriteText(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (!_isSpanOpen && (_classes.Count > 0 || _ink.Length > 0 || _paper.Length > 0))
        {
            string style =
                (_ink.Length > 0 ? $"color:{_ink};" : "") + (_paper.Length > 0 ? $"background:{_paper}" : "");
            _html.Append("<span")
                .Append(_classes.Count > 0 ? $" class=\"{string.Join(' ', _classes)}\"" : "")
                .Append(style.Length > 0 ? $" style=\"{style}\"" : "")
                .Append('>');
            _isSpanOpen = true;
        }

        _html.Append(Encode(text));
    }

    private void WriteStyle()
    {
        _html.Append(_isSpanOpen ? "</span>" : "");
        _isSpanOpen = false;
    }

    private int ReadSequence(string text, int escape)
    {
        int at = escape + 1;
        if (at < text.Length && text[at] == ']')
        {
            int end = text.AsSpan(at).IndexOfAny('\a', '\e'); // A title or a link: up to BEL or ESC \.
            return end < 0 ? text.Length : at + end + (text[at + end] == '\a' ? 1 : 2);
        }

        if (at >= text.Length || text[at] != '[')
        {
            return Math.Min(text.Length, at + 1);
        }

        int start = ++at;
        while (at < text.Length && text[at] is >= ' ' and <= '?')
        {
            at++;
        }

        if (at < text.Length && text[at] == 'm')
        {
            Apply(text[start..at]);
        }

        return Math.Min(text.Length, at + 1);
    }

    private void Apply(string parameters)
    {
        WriteStyle();
        int[] codes =
        [
            .. parameters.Split([';', ':']).Take(MostCodes).Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : 0),
        ];
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] is 38 or 48)
            {
                string colour = Colour(codes, ref i, out bool isInk);
                (_ink, _paper) = isInk ? (colour, _paper) : (_ink, colour);
                _classes.RemoveWhere(name => name.StartsWith(isInk ? "ansi-fg" : "ansi-bg", StringComparison.Ordinal));
            }
            else
            {
                Apply(codes[i]);
            }
        }
    }

    private void Apply(int code)
    {
        switch (code)
        {
            case 0:
                _classes.Clear();
                (_ink, _paper) = ("", "");
                break;
            case 1 or 2 or 3 or 4 or 7 or 9:
                _classes.Add($"ansi-{code}");
                break;
            case 22:
                _classes.Remove("ansi-1");
                _classes.Remove("ansi-2");
                break;
            case 23 or 24 or 27 or 29:
                _classes.Remove($"ansi-{code - 20}");
                break;
            case (>= 30 and <= 37) or 39 or (>= 90 and <= 97):
                _classes.RemoveWhere(name => name.StartsWith("ansi-fg", StringComparison.Ordinal));
                _ink = "";
                _ = code != 39 && _classes.Add($"ansi-fg{code % 10 + (code >= 90 ? 8 : 0)}");
                break;
            case (>= 40 and <= 47) or 49 or (>= 100 and <= 107):
                _classes.RemoveWhere(name => name.StartsWith("ansi-bg", StringComparison.Ordinal));
                _paper = "";
                _ = code != 49 && _classes.Add($"ansi-bg{code % 10 + (code >= 100 ? 8 : 0)}");
                break;
        }
    }

    // 38;5;n takes a colour of 256, 38;2;r;g;b any; 48 is the background.
    private static string Colour(int[] codes, ref int i, out bool isInk)
    {
        isInk = codes[i] == 38;
        if (i + 4 < codes.Length && codes[i + 1] == 2)
        {
            i += 4;
            return Rgb(codes[i - 2], codes[i - 1], codes[i]);
        }

        if (i + 2 < codes.Length && codes[i + 1] == 5)
        {
            i += 2;
            return Of256(codes[i]);
        }

        i = codes.Length;
        return "";
    }

    private static string Of256(int index)
    {
        if (index < 16)
        {
            return $"var(--ansi-{Math.Max(0, index)})";
        }

        int cube = Math.Min(index, 255) - 16;
        return cube >= 216
            ? Rgb(8 + ((cube - 216) * 10), 8 + ((cube - 216) * 10), 8 + ((cube - 216) * 10))
            : Rgb(Level(cube / 36), Level(cube / 6 % 6), Level(cube % 6));
    }

    private static int Level(int step) => step == 0 ? 0 : 55 + (40 * step);

    private static string Rgb(int red, int green, int blue) =>
        $"#{Math.Min(red, 255):x2}{Math.Min(green, 255):x2}{Math.Min(blue, 255):x2}";

    private static string Encode(string text) => WebUtility.HtmlEncode(new string(
        [.. text.Where(c => !char.IsControl(c) || c is '\n' or '\t')]));
}
