using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Renders cells one after another.</summary>
internal sealed class CellHtml
{
    private readonly StringBuilder _html = new();
    private readonly NotebookHtmlOptions _options;
    private readonly MarkdownHtml _markdown = new();
    private readonly OutputHtml _outputs;

    public CellHtml(NotebookHtmlOptions options)
    {
        _options = options;
        _outputs = new OutputHtml(options, _markdown);
    }

    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _markdown.Headings;

    public bool HasPlots => _outputs.HasPlots;

    public bool HasMath => _outputs.HasMath || _hasMath;

    private bool _hasMath;

    public override string ToString() => _html.ToString();

    /// <summary>Adds a cell; tags leave it or a part of it out, as Jupyter Book's do.</summary>
    public void Add(NotebookCell cell)
    {
        if (cell.Tags.Contains("remove-cell"))
        {
            return;
        }

        switch (cell.Kind)
        {
            case NotebookCellKind.Markdown:
                AddProse(cell);
                break;
            case NotebookCellKind.Raw:
                _html.Append($"<pre class=\"cell raw\">{WebUtility.HtmlEncode(cell.Source)}</pre>\n");
                break;
            default:
                AddCode(cell);
                break;
        }
    }

    private void AddProse(NotebookCell cell)
    {
        EmbeddedImages images = new(cell.Json["attachments"] as JsonObject, _options.Folder);
        string html = _markdown.Render(cell.Source, withHeadings: true);
        _hasMath |= html.Contains("class=\"math\"", StringComparison.Ordinal);
        _html.Append($"<div class=\"cell prose\">{_outputs.Fragment(html, images, out _)}</div>\n");
    }

    private void AddCode(NotebookCell cell)
    {
        string number = cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " ";
        JsonArray outputs = cell.Tags.Contains("remove-output") ? [] : cell.Outputs;
        bool hidesCode = cell.Tags.Contains("remove-input") || cell.Tags.Contains("hide-input") ||
            string.IsNullOrWhiteSpace(cell.Source);
        if (hidesCode && outputs.Count == 0)
        {
            return;
        }

        _html.Append("<section class=\"cell code\">\n");
        if (!hidesCode)
        {
            string source = cell.Source.TrimEnd('\n');
            string code = cell.Language == "csharp" ? CSharpHtml.From(source) : WebUtility.HtmlEncode(source);
            string language =
                cell.Language == "csharp" ? "" : $" data-language=\"{WebUtility.HtmlEncode(cell.Language)}\"";
            _html.Append($"<div class=\"row input\"><div class=\"prompt\">In&nbsp;[{number}]</div>")
                .Append($"<pre class=\"source\" tabindex=\"0\"{language}><code>{code}</code></pre></div>\n");
        }

        foreach (JsonNode? output in outputs)
        {
            AddOutput((JsonObject)output!, number);
        }

        _html.Append("</section>\n");
    }

    private void AddOutput(JsonObject output, string number)
    {
        string content = _outputs.From(output);
        if (content.Length > 0)
        {
            string prompt = (string?)output["output_type"] == "execute_result" ? $"Out&nbsp;[{number}]" : "";
            _html.Append($"<div class=\"row output\"><div class=\"prompt\">{prompt}</div>")
                .Append($"<div class=\"shown\">{content}</div></div>\n");
        }
    }
}
