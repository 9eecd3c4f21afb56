using Research.Interactive.Charts;
using Research.Plotting;
using Research.Scripting.Display.Shapes;
using Research.Scripting.Outputs;

namespace Research.Scripting.Display;

/// <summary>Makes bundles of Plotly.NET's charts: the whole figure for front ends that draw plotly, and a drawing.</summary>
/// <remarks>HTML only where nothing else draws the chart or somebody asks for it, since code hosts take it before SVG;
/// never Plotly.NET's own page, which loads plotly.js from the network.</remarks>
internal static class ChartBundle
{
    private const string Plotly = "application/vnd.plotly.v1+json";
    private const string Svg = "image/svg+xml";
    private const string Html = RegisteredFormatters.Html;

    /// <summary>Gets a chart's bundle, or null when the value is none or the notebook formats charts itself.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The mime types asked for; empty for all that suit the chart.</param>
    public static MimeBundle? Of(object value, IReadOnlyCollection<string> mimeTypes)
    {
        if (Read(value) is not { } chart)
        {
            return null;
        }

        MimeBundle bundle = new();
        bool isAny = mimeTypes.Count == 0;
        if (isAny || mimeTypes.Contains(Plotly))
        {
            bundle.Set(Plotly, chart.Json);
        }

        if (chart.Figure is { } figure && (isAny || mimeTypes.Contains(Svg)))
        {
            bundle.Set(Svg, figure.ToSvg());
        }

        if (mimeTypes.Contains(Html) || (isAny && chart.Figure is null && chart.IsInBundle))
        {
            bundle.Set(Html, chart.ToHtml());
        }

        bundle.Set(RegisteredFormatters.Plain, chart.ToText());
        return bundle;
    }

    /// <summary>Gets the shape of a chart among other values, or null.</summary>
    public static FormattedShape? ShapeOf(object value) =>
        Read(value) is { } chart
            ? new FormattedShape(chart.Figure?.ToHtml(), chart.ToSummary())
            : null;

    private static PlotlyFigure? Read(object value)
    {
        Type type = value.GetType();
        if (!GenericCharts.Is(type) || RegisteredFormatters.Has(type, Html))
        {
            return null;
        }

        try
        {
            return GenericCharts.Read(value);
        }
        catch (InvalidOperationException)
        {
            return null; // Of a Plotly.NET that writes charts otherwise: its members are shown.
        }
    }
}
