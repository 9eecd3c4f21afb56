using System.Security.Cryptography;
using System.Text;

namespace Research.Plotting;

/// <summary>Writes a figure as HTML: a drawing that needs nothing, and the data for an interactive plot.</summary>
internal static class HtmlFragment
{
    private const int WideWidth = 640;
    private const int WideHeight = 360;
    private const int NarrowWidth = 350;
    private const int NarrowHeight = 320;

    /// <summary>Writes a fragment that carries its own style and script.</summary>
    public static string Standalone(FigureContent figure, PlotlyScript script)
    {
        StringBuilder html = new();
        html.Append("<style>").Append(PlottingResource.FigureStyle).Append("</style>");
        Write(html, figure);
        if (script == PlotlyScript.Embedded)
        {
            html.Append("<script>").Append(PlottingResource.Plotly).Append("</script>");
        }

        html.Append("<script>").Append(PlottingResource.FigureScript).Append("</script>");
        return html.ToString();
    }

    /// <summary>Writes the figure alone, for a page that has style and script already.</summary>
    public static void Write(StringBuilder html, FigureContent figure)
    {
        string json = PlotlyJson.Write(figure);
        string id = "rf-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..10];
        html.Append("<figure class=\"research-figure\">");
        if (figure.Title.Length > 0 || figure.Subtitle.Length > 0)
        {
            html.Append("<figcaption>").Append(PlainText.Escape(figure.Title));
            html.Append(figure.Subtitle.Length > 0 ? $"<span>{PlainText.Escape(figure.Subtitle)}</span>" : "");
            html.Append("</figcaption>");
        }

        html.Append("<div class=\"rf-still\"><div class=\"rf-wide\">");
        html.Append(SvgDrawing.Render(figure, WideWidth, WideHeight, new SvgOptions(id + "-wide", IsDocument: false)));

        // Hidden by attribute as well: where a host strips styles, one drawing is enough.
        html.Append("</div><div class=\"rf-narrow\" style=\"display:none\">");
        int rows = LegendLayout.Of(new PlotModel(figure), NarrowWidth - 12, mostRows: 6).Rows;
        double height = NarrowHeight + (Math.Max(0, rows - 1) * LegendLayout.RowHeight);
        html.Append(SvgDrawing.Render(figure, NarrowWidth, height, new SvgOptions(id + "-narrow", IsDocument: false)));
        html.Append("</div></div><div class=\"rf-live\"></div>");
        html.Append("<script type=\"application/json\" class=\"rf-data\">").Append(json).Append("</script></figure>\n");
    }
}
