using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Plotting;

/// <summary>A plotly figure that another library made, in the forms that a notebook shows.</summary>
/// <remarks>
/// It is shown whole: what <see cref="Plotting.Figure"/> cannot draw is left to plotly.js. No form loads anything from a
/// network, and no text of it ends a script: the JSON holds no <c>&lt;</c>.
/// </remarks>
internal sealed class PlotlyFigure
{
    private const string NotInBundle = "the plotly.js that works offline draws scatter, bar and pie only";

    private static readonly string[] EmbeddedKinds = ["scatter", "bar", "pie"];
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 64 };

    private PlotlyFigure(string source, JsonObject figure)
    {
        Json = figure.ToJsonString(); // Its encoder leaves no character that could end a script element.
        Kinds = [.. ((JsonArray)figure["data"]!).Select(trace =>
            PlainText.Shorten(PlainText.Clean(Text((trace as JsonObject)?["type"]) ?? "scatter"), 30))];
        Figure = Figure.TryFromPlotlyJson(Json, out Figure? drawn, out string? refusal) ? drawn : null;
        Refusal = refusal;
        JsonNode? title = (figure["layout"] as JsonObject)?["title"];
        Title = PlainText.Clean(Text(title) ?? Text((title as JsonObject)?["text"]) ?? "");
        Source = source;
    }

    /// <summary>Gets one JSON object with data, layout and configuration.</summary>
    public string Json { get; }

    /// <summary>Gets the figure that draws it, or null.</summary>
    public Figure? Figure { get; }

    /// <summary>Gets the first reason why no figure draws it, or null.</summary>
    public string? Refusal { get; }

    /// <summary>Gets whether the plotly.js that travels with this library draws every trace.</summary>
    public bool IsInBundle => Kinds.All(EmbeddedKinds.Contains);

    private string[] Kinds { get; }

    private string Title { get; }

    private string Source { get; }

    /// <summary>Takes a figure's JSON.</summary>
    /// <param name="json">The figure.</param>
    /// <param name="source">Whose chart it is, for readers: <c>Plotly.NET</c>.</param>
    /// <exception cref="FormatException">It is no plotly figure.</exception>
    public static PlotlyFigure Parse(string json, string source)
    {
        try
        {
            JsonObject figure = JsonNode.Parse(json, null, Reading) as JsonObject
                ?? throw new FormatException("Expected a JSON object.");
            if (figure["data"] is not JsonArray)
            {
                throw new FormatException("Expected an array figure.data.");
            }

            StayOffline(figure);
            return new PlotlyFigure(source, figure);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"Expected plotly's JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Gets a summary of one line: <c>Plotly.NET chart "Shares": 2 traces (pie, scatter)</c>.</summary>
    public string ToSummary()
    {
        string name = Title.Length > 0 ? $" \"{PlainText.Shorten(Title, 100)}\"" : "";
        string kinds = Kinds.Length > 0 ? $" ({string.Join(", ", Kinds.Distinct().Take(8))})" : "";
        return $"{Source} chart{name}: {Kinds.Length} trace{(Kinds.Length == 1 ? "" : "s")}{kinds}";
    }

    /// <summary>Gets the text of a terminal.</summary>
    public string ToText() => Figure?.ToText() ?? (IsInBundle ? ToSummary() : $"{ToSummary()}; {NotInBundle}");

    /// <summary>Gets HTML that needs no network: a drawing, or plotly.js with the figure, or words.</summary>
    public string ToHtml()
    {
        if (Figure is not null)
        {
            return Figure.ToHtml();
        }

        StringBuilder html = new();
        html.Append("<style>").Append(PlottingResource.FigureStyle).Append("</style><figure class=\"research-figure\">");
        html.Append(Title.Length > 0 ? $"<figcaption>{PlainText.Escape(Title)}</figcaption>" : "");
        html.Append("<div class=\"rf-still\"><p>").Append(PlainText.Escape(ToSummary())).Append("; ");
        html.Append(IsInBundle ? "it needs scripts to be drawn" : NotInBundle).Append(".</p></div>");
        if (!IsInBundle)
        {
            return html.Append("</figure>").ToString();
        }

        html.Append("<div class=\"rf-live\"></div><script type=\"application/json\" class=\"rf-data\">").Append(Json);
        html.Append("</script></figure><script>").Append(PlottingResource.Plotly).Append("</script><script>");
        return html.Append(PlottingResource.FigureScript).Append("</script>").ToString();
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // plotly's upload button has an address by default, and pictures of a layout may have any.
    private static void StayOffline(JsonObject figure)
    {
        JsonObject config = figure["config"] as JsonObject ?? [];
        figure["config"] = config;
        config["showSendToCloud"] = false;
        config["plotlyServerURL"] = "";
        foreach (JsonObject? layout in (JsonObject?[])[figure["layout"] as JsonObject, Template(figure)])
        {
            if (layout?["images"] is JsonArray images)
            {
                foreach (JsonNode? image in images.Where(image => !IsEmbedded(image)).ToArray())
                {
                    images.Remove(image);
                }
            }
        }
    }

    private static JsonObject? Template(JsonObject figure) =>
        ((figure["layout"] as JsonObject)?["template"] as JsonObject)?["layout"] as JsonObject;

    private static bool IsEmbedded(JsonNode? image) =>
        Text((image as JsonObject)?["source"])?.StartsWith("data:", StringComparison.Ordinal) == true;
}
