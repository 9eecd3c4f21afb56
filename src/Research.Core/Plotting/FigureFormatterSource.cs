namespace Research.Plotting;

/// <summary>Offers a figure's forms to .NET Interactive's formatting library, by its convention.</summary>
/// <remarks>Made by reflection through <see cref="TypeFormatterSourceAttribute"/>; members are found by name.</remarks>
internal sealed class FigureFormatterSource
{
    /// <summary>Lists one formatter a form.</summary>
#pragma warning disable CA1822 // The convention invokes an instance method.
    public IEnumerable<object> CreateTypeFormatters() =>
#pragma warning restore CA1822
    [
        new ConventionFormatter<Figure>(MimeTypes.Html, figure => figure.ToHtml()),
        new ConventionFormatter<Figure>(MimeTypes.Plotly, figure => figure.ToPlotlyJson()),
        new ConventionFormatter<Figure>(MimeTypes.Svg, figure => figure.ToSvg()),
        new ConventionFormatter<Figure>(MimeTypes.Text, figure => figure.ToText()),
    ];
}
