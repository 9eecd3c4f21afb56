namespace Research.Scripting.Display.Shapes;

/// <summary>What is shown of a value: read from it once, then written as text and as HTML.</summary>
internal abstract record Shape;

/// <summary>A value without parts.</summary>
/// <param name="Text">What a reader sees; may have several lines.</param>
/// <param name="IsNumber">Whether columns of it align at the right.</param>
internal sealed record TextShape(string Text, bool IsNumber = false) : Shape;

/// <summary>A value for whose type the notebook registered a formatter.</summary>
/// <param name="Html">What the <c>text/html</c> formatter wrote, or null.</param>
/// <param name="Text">What the <c>text/plain</c> formatter wrote, or the HTML's text.</param>
internal sealed record FormattedShape(string? Html, string Text) : Shape;

/// <summary>A sequence of values without parts, shown on one line.</summary>
/// <param name="Items">The first of them.</param>
/// <param name="More">What is known of the rest, for example <c>(980 more)</c>, or null.</param>
internal sealed record ListShape(IReadOnlyList<Shape> Items, string? More) : Shape;

/// <summary>Rows and columns.</summary>
/// <param name="Columns">The headers.</param>
/// <param name="LeadColumns">How many of the first columns name the row and are no values.</param>
/// <param name="Rows">Each of as many cells as there are columns.</param>
/// <param name="More">What is known of further rows, or null.</param>
internal sealed record GridShape(
    IReadOnlyList<string> Columns, int LeadColumns, IReadOnlyList<IReadOnlyList<Shape>> Rows, string? More) : Shape;

/// <summary>An object as its members.</summary>
/// <param name="TypeName">Its type, as C# writes it; empty for anonymous types and tuples.</param>
/// <param name="Description">What its own <c>ToString</c> says, or null where that is the default one.</param>
/// <param name="Members">Names and values, in order of declaration.</param>
/// <param name="IsTuple">Whether the members' names say nothing.</param>
internal sealed record MembersShape(
    string TypeName, string? Description, IReadOnlyList<(string Name, Shape Value)> Members, bool IsTuple = false)
    : Shape;
