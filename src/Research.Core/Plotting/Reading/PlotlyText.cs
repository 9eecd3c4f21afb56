using System.Net;
using System.Text.RegularExpressions;

namespace Research.Plotting.Reading;

/// <summary>The text a reader sees of what plotly draws as a small HTML.</summary>
internal static partial class PlotlyText
{
    /// <summary>Gets a name's or a title's text, without the tags that plotly would draw.</summary>
    /// <remarks>Other tags stay as text: plotly drops them, but they are not what its author meant to hide.</remarks>
    public static string Read(string? text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text?.Length ?? 0, 10_000, nameof(text));
        string lines = Break().Replace(text ?? "", " ");
        return PlainText.Clean(WebUtility.HtmlDecode(Formatting().Replace(lines, "")));
    }

    /// <summary>Parts a title from the subtitle that a figure writes under it.</summary>
    public static (string Title, string Subtitle) ReadTitle(string? text) =>
        Subtitled().Match(text ?? "") is { Success: true } match
            ? (Read(match.Groups[1].Value), Read(match.Groups[2].Value))
            : (Read(text), "");

    [GeneratedRegex(@"\A([^<]*)<br><span style=""font-size:12px"">([^<]*)</span>\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subtitled();

    [GeneratedRegex(@"<br\s*/?>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Break();

    [GeneratedRegex(@"</?(b|i|u|s|sub|sup|em|strong|span|a)(\s[^<>]*)?>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Formatting();
}
