using System.Text;

namespace Research.Scripting.Intelligence.Documentation;

/// <summary>Markdown, as CommonMark reads it.</summary>
internal sealed class MarkdownMarkup : IMarkup
{
    public string Text(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char character in text)
        {
            if (@"\`*_[]<>#|~".Contains(character, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(character);
        }

        return escaped.ToString();
    }

    // A run of back quotes inside needs a longer one outside.
    public string Code(string code) => code.Contains('`', StringComparison.Ordinal)
        ? $"`` {code.Replace("``", "` `", StringComparison.Ordinal)} ``"
        : $"`{code}`";

    public string Strong(string text) => $"**{Code(text)}**";

    public string Link(string text, Uri address) => $"[{Text(text)}](<{address.AbsoluteUri}>)";

    public string Block(string code)
    {
        string fence = "```";
        while (code.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        return $"{fence}csharp\n{code}\n{fence}\n\n";
    }

    public string Paragraph(string written) => $"{written}\n\n";

    public string Heading(string text) => $"**{Text(text)}**\n\n";

    public string List(IEnumerable<string> written) => string.Concat(written.Select(item => $"- {item}\n")) + "\n";
}
