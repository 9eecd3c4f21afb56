using System.Text;

namespace Research.Plotting;

/// <summary>Writes SVG elements: coordinates finite and invariant, text escaped.</summary>
/// <remarks>
/// Colours are presentation attributes, which survive where a host strips styles; classes let the dark style win.
/// </remarks>
internal sealed class SvgWriter
{
    public const string Ink = "#1b1f24";
    public const string Muted = "#59616b";
    public const string Grid = "#e2e5e9";
    public const string Axis = "#9aa1a9";

    /// <summary>Colours on a dark screen; paper stays white.</summary>
    public const string DarkStyle =
        "@media screen and (prefers-color-scheme:dark){"
        + ".rf-back{fill:#15181c}.rf-ink{fill:#e8eaed}.rf-muted{fill:#a9b0b8}.rf-grid{stroke:#30353c}"
        + ".rf-axis{stroke:#717983}.rf-halo{stroke:#15181c}.rf-dot{stroke:#15181c}}";

    private readonly StringBuilder _svg = new();

    public void Raw(string markup) => _svg.Append(markup);

    public void Rule(
        double x1, double y1, double x2, double y2, string kind, string colour, string dash = "", double width = 1) =>
        _svg.Append(
            $"<line class=\"{kind}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" stroke=\"{colour}\"")
            .Append($" stroke-width=\"{N(width)}\"{DashArray(dash)}/>");

    public void Text(double x, double y, string text, TextStyle style)
    {
        _svg.Append(
            $"<text class=\"{style.Kind}\" x=\"{N(x)}\" y=\"{N(y)}\" "
            + $"font-size=\"{N(style.Size)}\" fill=\"{style.Fill}\"");
        if (style.Anchor != "start")
        {
            _svg.Append($" text-anchor=\"{style.Anchor}\"");
        }

        if (style.IsBold)
        {
            _svg.Append(" font-weight=\"600\"");
        }

        if (style.Angle != 0)
        {
            _svg.Append($" transform=\"rotate({N(style.Angle)} {N(x)} {N(y)})\"");
        }

        _svg.Append($">{PlainText.Escape(text)}</text>");
    }

    /// <summary>Writes text over whatever lies beneath, with an outline in the background's colour.</summary>
    public void Halo(double x, double y, string text, TextStyle style)
    {
        _svg.Append(
            $"<text class=\"rf-halo\" aria-hidden=\"true\" x=\"{N(x)}\" y=\"{N(y)}\" "
            + $"font-size=\"{N(style.Size)}\" fill=\"none\"");
        _svg.Append($" stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" text-anchor=\"{style.Anchor}\">");
        _svg.Append($"{PlainText.Escape(text)}</text>");
        Text(x, y, text, style);
    }

    public void Rectangle(
        double x, double y, double width, double height, string fill, double opacity, string? tip = null) =>
        _svg.Append($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"{fill}\"")
            .Append(opacity < 1 ? $" opacity=\"{N(opacity)}\"" : "")
            .Append(tip is null ? "/>" : $"><title>{PlainText.Escape(tip)}</title></rect>");

    public void Area(string path, string fill) => _svg.Append($"<path d=\"{path}\" fill=\"{fill}\" stroke=\"none\"/>");

    public void Curve(string path, string colour, Dash dash) =>
        _svg.Append(
            $"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"")
            .Append($" stroke-linecap=\"{(dash == Dash.Dotted ? "round" : "butt")}\"{DashArray(DashPattern(dash))}/>");

    /// <summary>Writes a marker whose shape tells series apart without colour.</summary>
    public void Marker(double x, double y, int series, string colour)
    {
        const double R = 3.6;
        string shape = (series % 4) switch
        {
            1 => $"<rect x=\"{N(x - 3.2)}\" y=\"{N(y - 3.2)}\" width=\"6.4\" height=\"6.4\"",
            2 => $"<path d=\"M{N(x)} {N(y - 4.6)}L{N(x + 4.6)} {N(y)}L{N(x)} {N(y + 4.6)}L{N(x - 4.6)} {N(y)}Z\"",
            3 => $"<path d=\"M{N(x)} {N(y - 4.4)}L{N(x + 4.4)} {N(y + 3.4)}L{N(x - 4.4)} {N(y + 3.4)}Z\"",
            _ => $"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(R)}\"",
        };
        _svg.Append($"{shape} class=\"rf-dot\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"1\"/>");
    }

    public override string ToString() => _svg.ToString();

    public static string DashPattern(Dash dash) => dash switch
    {
        Dash.Dashed => "7 4",
        Dash.Dotted => "0.1 4.5",
        Dash.DashDotted => "8 4 1.5 4",
        _ => "",
    };

    public static string N(double value) => NumberText.Coordinate(value);

    private static string DashArray(string pattern) => pattern.Length == 0 ? "" : $" stroke-dasharray=\"{pattern}\"";
}
