using System.Xml.Linq;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;
using static Research.Tests.Display.Shapes.Samples;

namespace Research.Tests.Display.Shapes;

public sealed class HtmlTests
{
    public HtmlTests() => Formatter.ResetToDefault();

    public static TheoryData<object> Structures { get; } =
    [
        new Person("<ada> & \"co\"", 36),
        new[] { new Person("<script>alert(1)</script>", 1) },
        new Dictionary<string, object?> { ["<b>"] = new { A = 1 }, ["c"] = null },
        new double[,] { { 1, 2 } },
        new { Inner = new { Deep = new[] { "a", "b" } }, Bytes = new byte[3] },
        new object[] { 1, "a", new Person("x", 1) },
        Array.Empty<int>(),
    ];

    [Theory]
    [MemberData(nameof(Structures), DisableDiscoveryEnumeration = true)]
    public void Format_AnyStructure_IsWellFormedAndEscaped(object value)
    {
        string html = MimeFormatter.Format(value).Text("text/html")!;

        // An outside reader: every tag closed, every text escaped.
        XElement root = XElement.Parse($"<root>{html}</root>");
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" or "b");
    }

    [Fact]
    public void Format_Object_IsATreeWithTheKnownClasses()
    {
        string html = MimeFormatter.Format(new { Outer = new { Inner = 1 } }).Text("text/html")!;

        Assert.StartsWith("<details open=\"open\" class=\"dni-treeview\"><summary>", html, StringComparison.Ordinal);
        Assert.Contains("<details class=\"dni-treeview\">", html, StringComparison.Ordinal);
        Assert.Contains(
            "<span class=\"dni-code-hint\"><code>{ Inner = 1 }</code></span>", html, StringComparison.Ordinal);
        Assert.Contains("<div class=\"dni-plaintext\"><pre>1</pre></div>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Sequence_IsATableOfItsItemsMembers() => Assert.StartsWith(
        "<div class=\"dni-table\"><table><thead><tr><th><i>index</i></th><th>Name</th><th>Age</th></tr></thead>" +
        "<tbody><tr><td>0</td><td><div class=\"dni-plaintext\"><pre>ada</pre></div></td>" +
        "<td class=\"dni-number\"><div " +
        "class=\"dni-plaintext\"><pre>36</pre></div></td></tr></tbody></table></div><style>",
        MimeFormatter.Format(new[] { new Person("ada", 36) }).Text("text/html")!,
        StringComparison.Ordinal);

    [Fact]
    public void Format_AnyStructure_SetsNoColour()
    {
        string html = MimeFormatter.Format(new[] { new Person("ada", 36) }).Text("text/html")!;

        Assert.DoesNotContain("color", html, StringComparison.Ordinal);
        Assert.DoesNotContain("background", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Markup_StaysAsItIsInsideOtherValues()
    {
        string html = MimeFormatter.Format(new { Note = "<i>x</i>".ToHtmlContent() }).Text("text/html")!;

        Assert.Contains("<td>Note</td><td><i>x</i></td>", html, StringComparison.Ordinal);
        Assert.Equal("Note: x", MimeFormatter.Format(new { Note = "<i>x</i>".ToHtmlContent() }).PlainText);
    }
}
