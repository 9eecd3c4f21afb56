using System.Net;
using System.Text;

namespace Research.Scripting.Notebooks.Html;

/// <summary>A notebook as one HTML file that reads the same offline, on a phone, in the dark and on paper.</summary>
/// <remarks>
/// A notebook may come from a stranger: its HTML is rewritten tag by tag without scripts, and the page's content
/// security policy runs no script but the page's own and loads nothing from outside. Plots are drawn by the plotly.js
/// in the page, where the stored drawing stands until then; mathematics is set as MathML by the KaTeX in it. The same
/// notebook always gives the same bytes.
/// </remarks>
public static class NotebookHtml
{
    /// <summary>Writes the whole page.</summary>
    /// <param name="document">The notebook, with its stored outputs.</param>
    /// <param name="options">How to write it; null for the defaults.</param>
    public static string Write(NotebookDocument document, NotebookHtmlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new NotebookHtmlOptions();
        CellHtml cells = new(options);
        foreach (NotebookCell cell in document.Cells)
        {
            cells.Add(cell);
        }

        string? heading = cells.Headings.FirstOrDefault(entry => entry.Level == 1).Text;
        string title = options.Title ?? heading ?? "Notebook";
        string[] scripts =
        [
            .. cells.HasPlots ? (string[])[HtmlAsset.Plotly] : [],
            .. cells.HasMath ? (string[])[HtmlAsset.Katex] : [],
            .. cells.HasPlots || cells.HasMath ? (string[])[HtmlAsset.Script] : [],
        ];
        StringBuilder html = new();
        AppendHead(html, title, Policy(scripts, options.TrustScripts));
        AppendContents(html, cells.Headings);
        html.Append("<main id=\"notebook\">\n");
        html.Append(heading is null ? $"<h1>{WebUtility.HtmlEncode(title)}</h1>\n" : "");
        html.Append(cells).Append("</main>\n");
        foreach (string script in scripts)
        {
            html.Append("<script>").Append(script).Append("</script>\n");
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    private static string Policy(string[] scripts, bool trust)
    {
        string allowed = trust ? "'unsafe-inline' 'unsafe-eval'"
            : scripts.Length == 0 ? "'none'"
            : string.Join(' ', scripts.Select(HtmlAsset.Fingerprint));
        return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; " +
            $"img-src data: blob:; font-src data:; script-src {allowed}";
    }

    private static void AppendHead(StringBuilder html, string title, string policy) => html
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(policy).Append("\">\n")
        .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .Append("<meta name=\"color-scheme\" content=\"light dark\">\n")
        .Append("<title>").Append(WebUtility.HtmlEncode(title)).Append("</title>\n")
        .Append("<style>").Append(HtmlAsset.Style).Append("</style>\n</head>\n<body>\n")
        .Append("<a class=\"skip\" href=\"#notebook\">Skip to the notebook</a>\n");

    private static void AppendContents(StringBuilder html, IReadOnlyList<(int Level, string Id, string Text)> headings)
    {
        (int Level, string Id, string Text)[] listed =
            [.. headings.Where(entry => entry.Level <= 3 && entry.Text.Length > 0)];
        html.Append("<nav class=\"contents\" aria-label=\"Contents\">\n");
        if (listed.Length > 1)
        {
            html.Append("<details open><summary>Contents</summary><ul>\n");
            foreach ((int level, string id, string text) in listed)
            {
                string target = WebUtility.HtmlEncode(Uri.EscapeDataString(id));
                html.Append($"<li class=\"level-{level}\"><a href=\"#{target}\">")
                    .Append(WebUtility.HtmlEncode(text)).Append("</a></li>\n");
            }

            html.Append("</ul></details>\n");
        }

        html.Append("<label class=\"toggle\"><input type=\"checkbox\"> Hide code</label>\n</nav>\n");
    }
}
