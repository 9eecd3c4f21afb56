namespace Research.Scripting.Intelligence.Documentation;

/// <summary>A way to write documents: plain text, Markdown or HTML. Every method takes text from strangers.</summary>
internal interface IMarkup
{
    /// <summary>Writes running text as it is.</summary>
    string Text(string text);

    /// <summary>Writes a name or an expression within text.</summary>
    string Code(string code);

    /// <summary>Writes something that stands out within text.</summary>
    string Strong(string text);

    /// <summary>Writes a link within text.</summary>
    string Link(string text, Uri address);

    /// <summary>Writes code on lines of its own.</summary>
    string Block(string code);

    /// <summary>Wraps what is written in this markup already as a paragraph.</summary>
    string Paragraph(string written);

    /// <summary>Writes a heading.</summary>
    string Heading(string text);

    /// <summary>Makes a list of items that are written in this markup already.</summary>
    string List(IEnumerable<string> written);
}
