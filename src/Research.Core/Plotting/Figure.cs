using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Research.Plotting.Reading;

namespace Research.Plotting;

/// <summary>One plot as an immutable value, which renders as plotly JSON, HTML, SVG and text.</summary>
/// <remarks>
/// Each method returns a new figure. Values that are NaN or infinite, not positive on a logarithmic axis, or beyond
/// ±1e300 are gaps. Names and labels may come from strangers: every renderer escapes them, and control characters,
/// direction overrides and anything past 500 characters never get in.
/// <para>
/// In .NET Interactive it shows as HTML, which needs no network, and as text: its Jupyter layer sends plotly's JSON as a
/// string, which JupyterLab draws as nothing. Research's own kernel sends plotly, SVG and text, and leaves HTML to those
/// who ask for it: code hosts would take it before SVG, and then strip the drawing out of it.
/// </para>
/// <code>
/// Figure.Titled("Loss by step")
///     .Line("ada", steps, losses)
///     .Reference(0.31, "central, not private")
///     .WithAxes("step", "loss (nats)")
/// </code>
/// </remarks>
[TypeFormatterSource(typeof(FigureFormatterSource), PreferredMimeTypes = new[] { MimeTypes.Html, MimeTypes.Text })]
public sealed class Figure
{
    private Figure(FigureContent content) => Content = content;

    /// <summary>Gets what stands above the plot.</summary>
    public string Title => Content.Title;

    internal FigureContent Content { get; }

    /// <summary>Starts an empty figure.</summary>
    /// <param name="title">What stands above the plot; may be empty.</param>
    public static Figure Titled(string title) => new(new FigureContent { Title = PlainText.Clean(title) });

    /// <summary>Reads what plotly draws: what <see cref="ToPlotlyJson"/> wrote, or another library's chart.</summary>
    /// <param name="json">One JSON object with <c>data</c> and <c>layout</c>, of at most 32 million characters; it may
    /// come from a stranger.</param>
    /// <remarks>
    /// Values, names, titles, scales and reference lines are read, looks are not: colours and fonts are a figure's own.
    /// Nothing is drawn by halves: what would be lost or drawn wrongly is refused.
    /// </remarks>
    /// <exception cref="FormatException">It is no plotly figure.</exception>
    /// <exception cref="NotSupportedException">A figure cannot draw it; the message names the first reason.</exception>
    public static Figure FromPlotlyJson(string json) => new(PlotlyReader.Read(json));

    /// <summary>Reads what plotly draws, where a figure can draw it.</summary>
    /// <param name="json">See <see cref="FromPlotlyJson"/>.</param>
    /// <param name="figure">The figure, or null.</param>
    /// <param name="refusal">The first reason why not, or null.</param>
    public static bool TryFromPlotlyJson(
        string json, [NotNullWhen(true)] out Figure? figure, [NotNullWhen(false)] out string? refusal)
    {
        try
        {
            (figure, refusal) = (FromPlotlyJson(json), null);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or NotSupportedException)
        {
            (figure, refusal) = (null, exception.Message);
            return false;
        }
    }

    /// <summary>Adds a line over numeric positions.</summary>
    /// <param name="name">The series' name in the legend.</param>
    /// <param name="xs">Positions, [N].</param>
    /// <param name="ys">Values, [N].</param>
    /// <param name="dash">How the line is drawn.</param>
    /// <param name="markers">Whether each point gets a marker.</param>
    /// <param name="lower">Lower edge of an error band, [N]; needs <paramref name="upper"/> too.</param>
    /// <param name="upper">Upper edge of an error band, [N].</param>
    /// <exception cref="ArgumentException">The lengths differ, or only one edge of the band is given.</exception>
    public Figure Line<TX, TY>(
        string name,
        IEnumerable<TX> xs,
        IEnumerable<TY> ys,
        Dash dash = Dash.Solid,
        bool markers = false,
        IEnumerable<TY>? lower = null,
        IEnumerable<TY>? upper = null)
        where TX : INumber<TX>
        where TY : INumber<TY> =>
        Add(SeriesReader.Numeric(Mark.Line, name, xs, ys, lower, upper) with { Dash = dash, Markers = markers });

    /// <summary>Adds a line over named positions.</summary>
    /// <inheritdoc cref="Line{TX, TY}(string, IEnumerable{TX}, IEnumerable{TY}, Dash, bool, IEnumerable{TY}, IEnumerable{TY})"/>
    public Figure Line<TY>(
        string name,
        IEnumerable<string> xs,
        IEnumerable<TY> ys,
        Dash dash = Dash.Solid,
        bool markers = true,
        IEnumerable<TY>? lower = null,
        IEnumerable<TY>? upper = null)
        where TY : INumber<TY> =>
        Add(SeriesReader.Named(Mark.Line, name, xs, ys, lower, upper) with { Dash = dash, Markers = markers });

    /// <summary>Adds points that no line joins.</summary>
    /// <param name="name">The series' name in the legend.</param>
    /// <param name="xs">Positions, [N].</param>
    /// <param name="ys">Values, [N].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Figure Points<TX, TY>(string name, IEnumerable<TX> xs, IEnumerable<TY> ys)
        where TX : INumber<TX>
        where TY : INumber<TY> =>
        Add(SeriesReader.Numeric(Mark.Points, name, xs, ys, null, null));

    /// <summary>Adds a bar for each category; series stand side by side unless <see cref="Stacked"/>.</summary>
    /// <param name="name">The series' name in the legend.</param>
    /// <param name="categories">What each bar stands for, [N]; the axis shows them in order of
    /// first appearance.</param>
    /// <param name="values">Heights, [N].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Figure Bars<TY>(string name, IEnumerable<string> categories, IEnumerable<TY> values)
        where TY : INumber<TY> =>
        Add(SeriesReader.Named(Mark.Bars, name, categories, values, null, null));

    /// <summary>Adds a bar for each number, such as a round, that names a category.</summary>
    /// <inheritdoc cref="Bars{TY}(string, IEnumerable{string}, IEnumerable{TY})"/>
    public Figure Bars<TX, TY>(string name, IEnumerable<TX> categories, IEnumerable<TY> values)
        where TX : INumber<TX>
        where TY : INumber<TY> =>
        Add(SeriesReader.Named(Mark.Bars, name, SeriesReader.Names(categories), values, null, null));

    /// <summary>Adds a labelled horizontal line; the vertical axis always reaches it.</summary>
    public Figure Reference(double y, string label) =>
        new(Content with { References = Content.References.Add(new ReferenceLine(y, PlainText.Clean(label))) });

    /// <summary>Names the axes, units in brackets: <c>WithAxes("step", "loss (nats)")</c>.</summary>
    public Figure WithAxes(string x, string y) =>
        new(Content with { XLabel = PlainText.Clean(x), YLabel = PlainText.Clean(y) });

    /// <summary>Sets a line of explanation under the title.</summary>
    public Figure WithSubtitle(string subtitle) => new(Content with { Subtitle = PlainText.Clean(subtitle) });

    /// <summary>Makes the horizontal axis logarithmic where it is numeric; positions that are not positive become
    /// gaps.</summary>
    public Figure WithLogX() => new(Content with { LogX = true });

    /// <summary>Makes the vertical axis logarithmic; values that are not positive become gaps.</summary>
    public Figure WithLogY() => new(Content with { LogY = true });

    /// <summary>Stacks bars instead of standing them side by side.</summary>
    public Figure Stacked() => new(Content with { Stacked = true });

    /// <summary>Writes values beside bars and marked points, wherever they fit without touching each other.</summary>
    public Figure WithValueLabels() => new(Content with { ValueLabels = true });

    /// <summary>Makes the vertical axis reach these values: <c>IncludingY(0, 1)</c> for an accuracy.</summary>
    public Figure IncludingY(params ReadOnlySpan<double> values) =>
        new(Content with { IncludedY = Content.IncludedY.AddRange(values) });

    /// <summary>
    /// Renders a plotly figure: one JSON object with <c>data</c>, <c>layout</c> and <c>config</c>; gaps are null.
    /// </summary>
    /// <remarks>The configuration turns off plotly's button that uploads the data to its maker's server.</remarks>
    public string ToPlotlyJson() => PlotlyJson.Write(Content);

    /// <summary>Renders a standalone SVG document.</summary>
    /// <param name="width">Width in pixels, from 160 to 10,000.</param>
    /// <param name="height">Height in pixels, from 120 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public string ToSvg(int width = 720, int height = 420)
    {
        CheckSize(width, 160, nameof(width));
        CheckSize(height, 120, nameof(height));
        return SvgDrawing.Render(Content, width, height, SvgOptions.Document);
    }

    /// <summary>
    /// Renders an HTML fragment: a drawing that always shows, interactive where plotly.js is present.
    /// </summary>
    /// <param name="script">Where plotly.js comes from. Several figures in one page belong in an
    /// <see cref="HtmlPage"/>.</param>
    public string ToHtml(PlotlyScript script = PlotlyScript.None) => HtmlFragment.Standalone(Content, script);

    /// <summary>Renders text for a terminal: a sparkline for each line, a block bar for each bar.</summary>
    /// <param name="width">Columns, from 40 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of range.</exception>
    public string ToText(int width = 80)
    {
        CheckSize(width, 40, nameof(width));
        return TextDrawing.Render(Content, width);
    }

    /// <summary>Renders text of 80 columns.</summary>
    public override string ToString() => ToText();

    private static void CheckSize(int value, int least, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000, name);
    }

    private Figure Add(Series series) => new(Content with { Series = Content.Series.Add(series) });
}
