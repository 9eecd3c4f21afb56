using System.Xml.Linq;
using Research.Scripting.Intelligence.Documentation;
using Research.Scripting.Outputs;

namespace Research.Scripting.Intelligence.Inspection;

/// <summary>What is shown about a symbol, written in every markup.</summary>
internal sealed class InspectedDocument
{
    private readonly List<Func<IMarkup, string>> _parts = [];

    public void Declaration(string code) => _parts.Add(markup => markup.Block(code));

    public void Paragraph(string label, string code) =>
        _parts.Add(markup => markup.Paragraph($"{markup.Text(label)}{markup.Code(code)}"));

    public void Documentation(XElement member, bool detailed) =>
        _parts.Add(markup => new DocumentationText(markup).Write(member, detailed));

    public void Heading(string text) => _parts.Add(markup => markup.Heading(text));

    public void List(IReadOnlyList<Func<IMarkup, string>> items) =>
        _parts.Add(markup => markup.List(items.Select(write => write(markup))));

    /// <summary>Writes all parts.</summary>
    public MimeBundle ToBundle() => MimeBundle.Of(
        ("text/plain", Write(new PlainMarkup())),
        ("text/markdown", Write(new MarkdownMarkup())),
        ("text/html", Write(new HtmlMarkup())));

    private string Write(IMarkup markup) => string.Concat(_parts.Select(part => part(markup))).TrimEnd();
}
