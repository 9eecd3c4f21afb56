namespace Research.Plotting;

/// <summary>Files that travel inside the assembly.</summary>
internal static class PlottingResource
{
    private static readonly Lazy<string> PlotlySource = new(() => Read("plotly-basic.min.js"));
    private static readonly Lazy<string> FigureScriptSource = new(() => Read("figure.js"));
    private static readonly Lazy<string> FigureStyleSource = new(() => Read("figure.css"));
    private static readonly Lazy<string> PageStyleSource = new(() => Read("page.css"));

    /// <summary>
    /// Gets plotly.js 4.1.1, the basic bundle: scatter, bar, pie. MIT licence, in plotly-basic.LICENSE.
    /// </summary>
    public static string Plotly => PlotlySource.Value;

    /// <summary>Gets the script that brings figures to life where plotly.js is present.</summary>
    public static string FigureScript => FigureScriptSource.Value;

    public static string FigureStyle => FigureStyleSource.Value;

    public static string PageStyle => PageStyleSource.Value;

    private static string Read(string name)
    {
        using Stream stream = typeof(PlottingResource).Assembly.GetManifestResourceStream("Research.Plotting." + name)
            ?? throw new InvalidOperationException($"Expected the resource {name} in Research.Core; it is missing.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
