using System.Text;
using System.Xml.Linq;

namespace Research.Scripting.Intelligence.Documentation;

/// <summary>Writes documentation's XML in a markup.</summary>
/// <param name="markup">The markup.</param>
internal sealed class DocumentationText(IMarkup markup)
{
    private const int Deepest = 32;

    /// <summary>Writes the parts of a member's documentation that there are.</summary>
    /// <param name="member">The <c>member</c> element.</param>
    /// <param name="detailed">Whether to add remarks and examples.</param>
    public string Write(XElement member, bool detailed)
    {
        StringBuilder text = new();
        Section(text, null, member.Elements("summary"), null);
        Section(text, "Type parameters", member.Elements("typeparam"), "name");
        Section(text, "Parameters", member.Elements("param"), "name");
        Section(text, "Returns", member.Elements("returns"), null);
        Section(text, "Value", member.Elements("value"), null);
        Section(text, "Exceptions", member.Elements("exception"), "cref");
        if (detailed)
        {
            Section(text, "Remarks", member.Elements("remarks"), null);
            Section(text, "Example", member.Elements("example"), null);
        }

        return text.ToString();
    }

    /// <summary>Writes what an element holds, as running text.</summary>
    public string Inline(XElement element)
    {
        StringBuilder text = new();
        Append(text, element, Deepest);
        return Tidy(text.ToString());
    }

    private void Section(StringBuilder text, string? title, IEnumerable<XElement> elements, string? key)
    {
        List<string> written = [];
        foreach (XElement element in elements)
        {
            string content = Inline(element);
            string name = key is null ? "" : Display(element.Attribute(key)?.Value ?? "");
            if (content.Length > 0)
            {
                written.Add(key is null ? markup.Paragraph(content) : $"{markup.Code(name)}: {content}");
            }
        }

        if (written.Count > 0)
        {
            text.Append(title is null ? "" : markup.Heading(title))
                .Append(key is null ? string.Concat(written) : markup.List(written));
        }
    }

    private void Append(StringBuilder text, XElement element, int depth)
    {
        foreach (XNode node in element.Nodes())
        {
            if (node is XText words)
            {
                text.Append(markup.Text(Collapse(words.Value)));
            }
            else if (node is XElement child && depth > 0)
            {
                AppendElement(text, child, depth - 1);
            }
        }
    }

    private void AppendElement(StringBuilder text, XElement element, int depth)
    {
        switch (element.Name.LocalName)
        {
            case "see" or "seealso" or "a" when Address(element) is { } address:
                text.Append(markup.Link(element.Value.Length > 0 ? Collapse(element.Value) : address.Host, address));
                break;
            case "see" or "seealso" or "paramref" or "typeparamref":
                XAttribute? named =
                    element.Attribute("cref") ?? element.Attribute("name") ?? element.Attribute("langword");
                text.Append(markup.Code(
                    element.Value.Length > 0 ? Collapse(element.Value) : Display(named?.Value ?? "")));
                break;
            case "c":
                text.Append(markup.Code(Collapse(element.Value)));
                break;
            case "code":
                text.Append('\n').Append(markup.Block(element.Value.Trim('\r', '\n')));
                break;
            case "para" or "br" or "item" or "listheader":
                text.Append('\n');
                Append(text, element, depth);
                text.Append('\n');
                break;
            case "term":
                Append(text, element, depth);
                text.Append(element.NextNode is null ? "" : ": ");
                break;
            default:
                Append(text, element, depth);
                break;
        }
    }

    private static Uri? Address(XElement element) =>
        Uri.TryCreate(element.Attribute("href")?.Value, UriKind.Absolute, out Uri? address) &&
        address.Scheme is "http" or "https"
            ? address
            : null;

    private static string Collapse(string text)
    {
        StringBuilder collapsed = new(text.Length);
        foreach (char character in text)
        {
            if (!char.IsWhiteSpace(character))
            {
                collapsed.Append(character);
            }
            else if (collapsed.Length == 0 || collapsed[^1] != ' ')
            {
                collapsed.Append(' ');
            }
        }

        return collapsed.ToString();
    }

    private static string Tidy(string text)
    {
        IEnumerable<string> lines = text.Split('\n').Select(line => line.TrimEnd());
        return string.Join('\n', lines.Select((line, index) => line.StartsWith("  ", StringComparison.Ordinal)
            ? line
            : line.TrimStart())).Replace("\n\n\n", "\n\n", StringComparison.Ordinal).Trim();
    }

    // "M:System.Math.Max(System.Int32,System.Int32)" is Math.Max, "T:System.Func`2" is Func.
    private static string Display(string reference)
    {
        if (reference.Length < 2 || reference[1] != ':')
        {
            return reference;
        }

        string[] parts = reference[2..].Split('(')[0].Split('.');
        int shown = reference[0] is 'T' ? 1 : reference[0] is 'N' or '!' ? parts.Length : 2;
        return string.Join(
            '.', parts.TakeLast(shown).Select(part => part.Split('`')[0]).Where(part => part != "#ctor"));
    }
}
