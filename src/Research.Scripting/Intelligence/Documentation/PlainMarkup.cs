namespace Research.Scripting.Intelligence.Documentation;

/// <summary>Plain text, for consoles.</summary>
internal sealed class PlainMarkup : IMarkup
{
    public string Text(string text) => text;

    public string Code(string code) => code;

    public string Strong(string text) => $"«{text}»";

    public string Link(string text, Uri address) => text;

    public string Block(string code) => $"{code}\n\n";

    public string Paragraph(string written) => $"{written}\n\n";

    public string Heading(string text) => $"{text}\n";

    public string List(IEnumerable<string> written) => string.Concat(written.Select(item => $"  {item}\n")) + "\n";
}
