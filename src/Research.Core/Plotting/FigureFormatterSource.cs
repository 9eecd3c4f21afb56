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
        new FigureFormatter(MimeTypes.Html, figure => figure.ToHtml()),
        new FigureFormatter(MimeTypes.Plotly, figure => figure.ToPlotlyJson()),
        new FigureFormatter(MimeTypes.Svg, figure => figure.ToSvg()),
        new FigureFormatter(MimeTypes.Text, figure => figure.ToText()),
    ];

    private sealed class FigureFormatter(string mimeType, Func<Figure, string> render)
    {
        public string MimeType { get; } = mimeType;

        /// <summary>Writes the figure, or returns false for anything else.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            if (instance is not Figure figure)
            {
                return false;
            }

            writer.Write(render(figure));
            return true;
        }
    }
}
