namespace Research.Plotting;

/// <summary>The forms a figure offers to a notebook.</summary>
internal static class MimeTypes
{
    public const string Html = "text/html";
    public const string Plotly = "application/vnd.plotly.v1+json";
    public const string Svg = "image/svg+xml";
    public const string Text = "text/plain";
}
