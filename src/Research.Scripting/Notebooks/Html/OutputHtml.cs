using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Renders a cell's stored outputs, each in the best representation that a page can show.</summary>
internal sealed class OutputHtml(NotebookHtmlOptions options, MarkdownHtml markdown)
{
    private const string PlotlyType = "application/vnd.plotly.v1+json";

    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Encoded as HTML afterwards.
    };

    /// <summary>Gets whether a plot was written.</summary>
    public bool HasPlots { get; private set; }

    /// <summary>Gets whether mathematics was written outside of prose.</summary>
    public bool HasMath { get; private set; }

    /// <summary>Renders one output.</summary>
    public string From(JsonObject output) => (string?)output["output_type"] switch
    {
        "stream" => Stream((string?)output["name"] ?? "", MultilineText.Join(output["text"])),
        "error" => Error(output),
        _ => Bundle((JsonObject)output["data"]!),
    };

    /// <summary>Makes a fragment fit for the page, unless its scripts are trusted.</summary>
    public string Fragment(string html, EmbeddedImages images, out SafeHtml? safe)
    {
        safe = null;
        return options.TrustScripts ? html : SafeHtml.From(html, images.Find, out safe);
    }

    private static string Stream(string name, string text)
    {
        JsonArray lines = [];
        StreamText.Append(lines, text);
        string kind = name == "stderr" ? "stderr" : "stdout";
        string shown = AnsiHtml.From(MultilineText.Join(lines).TrimEnd('\n'));
        return $"<pre class=\"stream {kind}\" tabindex=\"0\">{shown}</pre>";
    }

    private static string Error(JsonObject error)
    {
        string[] lines = [.. ((JsonArray)error["traceback"]!).Select(line => MimeText.Of(line) ?? "")];
        string text = lines.Length > 0 ? string.Join('\n', lines) : $"{error["ename"]}: {error["evalue"]}";
        return $"<pre class=\"error\" tabindex=\"0\">{AnsiHtml.From(text.TrimEnd('\n'))}</pre>";
    }

    private string Bundle(JsonObject data)
    {
        string? picture = Picture(data);
        if (Plot(data[PlotlyType]) is { } plot)
        {
            HasPlots = true;
            string still =
                picture ?? Plain(data) ?? "<p class=\"note\">This plot needs a browser that runs scripts.</p>";
            return $"<figure class=\"plot\"><div class=\"still\">{still}</div><div class=\"live\"></div>" +
                $"<script type=\"application/json\" class=\"plot-data\">{plot}</script></figure>";
        }

        string? html = Html(data, picture is not null);
        return html ?? picture ?? Prose(data) ?? Latex(data) ?? Json(data) ?? Plain(data) ?? "";
    }

    // Some producers store a string of JSON.
    private static string? Plot(JsonNode? node)
    {
        JsonNode? plot = node;
        if (MimeText.Of(node) is { Length: > 0 } text)
        {
            try
            {
                plot = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 100 });
            }
            catch (JsonException)
            {
                return null; // Shown in its next best representation.
            }
        }

        // The default encoder escapes "<", so that no text can end the script element.
        return plot is JsonObject { Count: > 0 } figure && figure["data"] is JsonArray ? figure.ToJsonString() : null;
    }

    private static string? Picture(JsonObject data)
    {
        string text = WebUtility.HtmlEncode(
            MimeText.Of(data["text/plain"])?.Split('\n')[0].Trim() is { Length: > 0 } plain ? plain : "Figure");
        if (MimeText.Of(data["image/svg+xml"]) is { Length: > 0 } svg)
        {
            string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
            return $"<img class=\"drawing\" alt=\"{text}\" src=\"data:image/svg+xml;base64,{encoded}\">";
        }

        foreach (string mimeType in Pictures)
        {
            if (MimeText.Of(data[mimeType]) is { } base64 && Base64.IsText(base64))
            {
                return $"<img alt=\"{text}\" src=\"data:{mimeType};base64,{Base64.Compact(base64)}\">";
            }
        }

        return null;
    }

    private string? Html(JsonObject data, bool hasPicture)
    {
        string? html = MimeText.Of(data["text/html"]);
        if (html is null && MimeText.Of(data["application/javascript"]) is { } script)
        {
            html = $"<script>{script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>";
        }

        if (html is null)
        {
            return null;
        }

        string fragment = Fragment(html, new EmbeddedImages(null, options.Folder), out SafeHtml? safe);
        if (safe is { IsEmpty: true } && (hasPicture || !safe.HadScript))
        {
            return null;
        }

        string note = safe is { HadScript: true }
            ? "<p class=\"note\">A script of this output was left out; export with --trust to keep it.</p>"
            : "";
        return $"<div class=\"html\">{fragment}</div>{note}";
    }

    private string? Prose(JsonObject data)
    {
        if (MimeText.Of(data["text/markdown"]) is not { } text)
        {
            return null;
        }

        string html = markdown.Render(text, withHeadings: false);
        HasMath |= html.Contains("class=\"math\"", StringComparison.Ordinal);
        return $"<div class=\"prose\">{Fragment(html, new EmbeddedImages(null, options.Folder), out _)}</div>";
    }

    private string? Latex(JsonObject data)
    {
        if (MimeText.Of(data["text/latex"]) is not { Length: > 0 } text)
        {
            return null;
        }

        HasMath = true;
        return $"<div class=\"math\">{WebUtility.HtmlEncode(text.Trim())}</div>";
    }

    private static string? Json(JsonObject data) => data["application/json"] is { } json
        ? $"<pre class=\"text\" tabindex=\"0\">{WebUtility.HtmlEncode(json.ToJsonString(Indented))}</pre>"
        : null;

    private static string? Plain(JsonObject data) => MimeText.Of(data["text/plain"]) is { } text
        ? $"<pre class=\"text\" tabindex=\"0\">{AnsiHtml.From(text.TrimEnd('\n'))}</pre>"
        : null;
}
