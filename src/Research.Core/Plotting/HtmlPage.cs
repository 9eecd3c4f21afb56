using System.Security.Cryptography;
using System.Text;

namespace Research.Plotting;

/// <summary>A report as one HTML file that reads the same offline, on a phone, in the dark and on paper.</summary>
/// <remarks>
/// All text is escaped; only <see cref="Html"/> takes markup. The page's content security policy forbids every load
/// from outside, and every script but the page's own.
/// <code>
/// new HtmlPage("Training report")
///     .Lead("Five participants, three rounds.")
///     .Stats(new Stat("Pool", "10 ETH"), new Stat("Accuracy", "0.91", "central: 0.96"))
///     .Section("Rewards")
///     .Table(["participant", "reward (ETH)"], [["ada", "4.2"]])
///     .Figure(figure)
///     .Save("report.html");
/// </code>
/// </remarks>
public sealed class HtmlPage
{
    private readonly string _title;
    private readonly StringBuilder _body = new();
    private string _lead = "";
    private bool _hasFigures;

    /// <summary>Starts an empty page.</summary>
    /// <param name="title">Stands at the top and in the browser's tab.</param>
    public HtmlPage(string title) => _title = PlainText.Clean(title);

    /// <summary>Sets the sentence under the title.</summary>
    public HtmlPage Lead(string text)
    {
        _lead = text;
        return this;
    }

    /// <summary>Starts a section.</summary>
    public HtmlPage Section(string heading) => Append($"<h2>{Escape(heading)}</h2>\n");

    /// <summary>Starts a part of a section.</summary>
    public HtmlPage Subsection(string heading) => Append($"<h3>{Escape(heading)}</h3>\n");

    /// <summary>Adds prose; blank lines part paragraphs.</summary>
    public HtmlPage Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] paragraphs = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (string paragraph in paragraphs)
        {
            Append($"<p>{Escape(paragraph)}</p>\n");
        }

        return this;
    }

    /// <summary>
    /// Adds markup as it is. Warning: whatever comes from outside must go through <see cref="Escape"/>.
    /// </summary>
    public HtmlPage Html(string markup) => Append(markup);

    /// <summary>Adds a list.</summary>
    public HtmlPage List(IEnumerable<string> items, bool numbered = false)
    {
        string tag = numbered ? "ol" : "ul";
        return Append($"<{tag}>{string.Concat(items.Select(item => $"<li>{Escape(item)}</li>"))}</{tag}>\n");
    }

    /// <summary>Adds a row of headline values.</summary>
    public HtmlPage Stats(params ReadOnlySpan<Stat> stats)
    {
        Append("<dl class=\"stats\">");
        foreach (Stat stat in stats)
        {
            string note = string.IsNullOrEmpty(stat.Note) ? "" : $"<dd class=\"note\">{Escape(stat.Note)}</dd>";
            Append($"<div><dt>{Escape(stat.Label)}</dt><dd>{Escape(stat.Value)}</dd>{note}</div>");
        }

        return Append("</dl>\n");
    }

    /// <summary>
    /// Adds a table; columns of numbers are aligned right, hashes and addresses are set in monospace.
    /// </summary>
    /// <param name="headers">Column names, [C].</param>
    /// <param name="rows">Cells, [R][C].</param>
    /// <param name="caption">What the table shows.</param>
    /// <exception cref="ArgumentException">A row has another number of cells than the header.</exception>
    public HtmlPage Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, string caption = "")
    {
        HtmlTable.Write(_body, headers, rows, caption);
        return this;
    }

    /// <summary>Adds names and values, one pair a line.</summary>
    public HtmlPage KeyValues(params IEnumerable<(string Key, string Value)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Append("<dl class=\"pairs\">");
        foreach ((string key, string value) in pairs)
        {
            string kind = HtmlTable.IsHash(value) ? " class=\"hash\"" : "";
            Append($"<dt>{Escape(key)}</dt><dd{kind}>{Escape(value)}</dd>");
        }

        return Append("</dl>\n");
    }

    /// <summary>Adds a boxed remark.</summary>
    public HtmlPage Callout(CalloutKind kind, string title, string text)
    {
        string style = kind switch
        {
            CalloutKind.Warning => "warning",
            CalloutKind.Success => "success",
            _ => "note",
        };
        return Append($"<aside class=\"callout {style}\">")
            .Append($"<strong>{Escape(title)}</strong><p>{Escape(text)}</p></aside>\n");
    }

    /// <summary>Adds preformatted text.</summary>
    public HtmlPage Code(string text) => Append($"<pre tabindex=\"0\"><code>{Escape(text)}</code></pre>\n");

    /// <summary>Adds figures; two or more stand side by side where the page is wide enough.</summary>
    public HtmlPage Figure(params ReadOnlySpan<Figure> figures)
    {
        Append(figures.Length > 1 ? "<div class=\"figures\">" : "<div>");
        foreach (Figure figure in figures)
        {
            HtmlFragment.Write(_body, figure.Content);
            _hasFigures = true;
        }

        return Append("</div>\n");
    }

    /// <summary>Gives the whole document.</summary>
    /// <param name="script">Whether figures become interactive; without it they are drawings,
    /// and the page is 1.2 MB smaller.</param>
    public string ToHtml(PlotlyScript script = PlotlyScript.Embedded)
    {
        string[] scripts = script == PlotlyScript.Embedded && _hasFigures
            ? [PlottingResource.Plotly, PlottingResource.FigureScript]
            : [];
        string allowed = scripts.Length == 0 ? "'none'" : string.Join(" ", scripts.Select(Fingerprint));
        StringBuilder html = new();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            + "form-action 'none'; base-uri 'none'; style-src 'unsafe-inline'; ");
        html.Append("img-src data: blob:; script-src ").Append(allowed).Append("\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.Append("<title>").Append(Escape(_title)).Append("</title>\n<style>");
        html.Append(PlottingResource.FigureStyle).Append(PlottingResource.PageStyle)
            .Append("</style>\n</head>\n<body>\n<main>\n");
        html.Append("<header><h1>").Append(Escape(_title)).Append("</h1>");
        html.Append(_lead.Length > 0 ? $"<p class=\"lead\">{Escape(_lead)}</p>" : "").Append("</header>\n");
        html.Append(_body).Append("</main>\n");
        foreach (string source in scripts)
        {
            html.Append("<script>").Append(source).Append("</script>\n");
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the whole document to a file, in UTF-8.</summary>
    /// <param name="path">The file, replaced if it exists; its folder must exist.</param>
    /// <param name="script">See <see cref="ToHtml"/>.</param>
    public void Save(string path, PlotlyScript script = PlotlyScript.Embedded) =>
        File.WriteAllText(path, ToHtml(script));

    /// <summary>Escapes text for use in <see cref="Html"/>.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PlainText.Escape(text);
    }

    private static string Fingerprint(string source) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(source)))}'";

    private HtmlPage Append(string markup)
    {
        _body.Append(markup);
        return this;
    }
}
