using System.Net;

namespace Research.Scripting.Intelligence.Documentation;

/// <summary>HTML without scripts or styles.</summary>
internal sealed class HtmlMarkup : IMarkup
{
    public string Text(string text) => WebUtility.HtmlEncode(text);

    public string Code(string code) => $"<code>{Text(code)}</code>";

    public string Strong(string text) => $"<strong>{Text(text)}</strong>";

    public string Link(string text, Uri address) =>
        $"<a href=\"{WebUtility.HtmlEncode(address.AbsoluteUri)}\">{Text(text)}</a>";

    public string Block(string code) => $"<pre><code class=\"language-csharp\">{Text(code)}</code></pre>\n";

    public string Paragraph(string written) => $"<p>{written.ReplaceLineEndings("<br>")}</p>\n";

    public string Heading(string text) => $"<h4>{Text(text)}</h4>\n";

    public string List(IEnumerable<string> written) =>
        $"<ul>\n{string.Concat(written.Select(item => $"<li>{item}</li>\n"))}</ul>\n";
}
