using Research.Scripting.Outputs;

namespace Research.Tests.Intelligence.Inspection;

public sealed class InspectionTests(IntelligentSession session) : IClassFixture<IntelligentSession>
{
    [Theory]
    [InlineData("Console.Write|Line(1)", "void Console.WriteLine(int value)")]
    [InlineData("Console.WriteLine|(1)", "void Console.WriteLine(int value)")] // Just behind the name.
    [InlineData("Console.|WriteLine(1)", "void Console.WriteLine(int value)")]
    [InlineData("Conso|le", "static class System.Console")]
    [InlineData("greeting.Len|gth", "int string.Length { get; }")]
    [InlineData("AddUp|(1, 2)", "int AddUp(int left, int right)")]
    [InlineData("AddUp(ans|wer, 2)", "int answer")]
    [InlineData("va|r x = 1;", "struct System.Int32")]
    [InlineData("in|t x = 1;", "struct System.Int32")]
    [InlineData("var loc|al = 1.5;", "double local")]
    [InlineData("words.Where(w| => true)", "string w")]
    [InlineData("foreach (var wo|rd in words) { }", "string word")]
    [InlineData("new List<in|t>()", "struct System.Int32")]
    [InlineData("new Li|st<int>()", "class System.Collections.Generic.List<int>")]
    [InlineData("DayOfWeek.Mon|day", "DayOfWeek.Monday = 1")]
    [InlineData("Sys|tem.Text", "namespace System")]
    [InlineData("words.Wh|ere(w => true)", "Where<string>")]
    [InlineData("Math.P|I", "const double Math.PI = 3.14")]
    [InlineData("[Obs|olete] void F() { }", "class System.ObsoleteAttribute")]
    [InlineData("void Mi|ne(int k) { }", "void Mine(int k)")]
    [InlineData("class Fo|o { }", "class Foo")]
    public async Task Inspect_Name_ShowsDeclaration(string marked, string expected) =>
        Assert.Contains(expected, (await session.PlainAsync(marked)).Split('\n')[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("ans|wer", "42")]
    [InlineData("gree|ting", "\"hello\"")]
    [InlineData("numb|ers", "Int32[3]")]
    [InlineData("wor|ds", "Count = 2")]
    [InlineData("da|y", "Monday")]
    [InlineData("may|be", "3")]
    public async Task Inspect_Variable_ShowsValue(string marked, string expected) =>
        Assert.Contains($"Value: {expected}", await session.PlainAsync(marked), StringComparison.Ordinal);

    [Fact]
    public async Task Inspect_VariableOfUsersType_RunsNoneOfItsCode() =>
        Assert.DoesNotContain("Value", await session.PlainAsync("sha|pe"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Console.Write|Line(\"\")", "Writes the specified string value")] // In a file of its own.
    [InlineData("new Li|st<int>()", "strongly typed list")] // In CoreLib; documented elsewhere.
    [InlineData("greeting.Sub|string(1)", "Retrieves a substring")] // System.Runtime.
    [InlineData("words.Wh|ere(w => true)", "Filters a sequence of values")]
    [InlineData("words.Ad|d(\"\")", "Adds an object to the end")]
    [InlineData("new DpSgd|Options()", "")] // No such type: nothing, and no exception.
    [InlineData("Fig|ure.Line(null)", "plotly")] // The library's own, beside its assembly.
    [InlineData("AddU|p(1, 2)", "Adds left to right.")] // A cell's.
    [InlineData("AddU|p(1, 2)", "left: The first.")]
    [InlineData("AddU|p(1, 2)", "The sum.")]
    [InlineData("Path.Comb|ine(\"\", \"\")", "Combines two strings into a path.")]
    [InlineData("int.Par|se(\"\")", "FormatException")]
    public async Task Inspect_Documented_ShowsDocumentation(string marked, string expected) =>
        Assert.Contains(expected, await session.PlainAsync(marked), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task Inspect_InheritDoc_ShowsWhatIsInherited()
    {
        string text = await session.PlainAsync("""
            interface IBase { /// <summary>From the interface.</summary>
                void Run(); }
            class Derived : IBase { /// <inheritdoc/>
                public void Run() { } }
            new Derived().Ru|n();
            """);

        Assert.Contains("From the interface.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_InheritDocInACircle_Ends() => Assert.Contains(
        "class A",
        await session.PlainAsync(
            "/// <inheritdoc cref=\"B\"/>\nclass A { }\n/// <inheritdoc cref=\"A\"/>\nclass B { }\nnew |A()"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("AddUp(|)", "int AddUp(«int left», int right)")]
    [InlineData("AddUp(|", "int AddUp(«int left», int right)")]
    [InlineData("AddUp(1, |", "int AddUp(int left, «int right»)")]
    [InlineData("AddUp(1, |)", "int AddUp(int left, «int right»)")]
    [InlineData("AddUp(right: |)", "int AddUp(int left, «int right»)")]
    [InlineData("AddUp(AddUp(1, 2), |)", "int AddUp(int left, «int right»)")]
    [InlineData("shape.Draw(|", "void Shape.Draw()")]
    [InlineData("shape.Draw(|", "void Shape.Draw(«int times», string colour = \"red\")")]
    [InlineData("new Point(1, |", "Point(int X, «int Y»)")]
    [InlineData("Point p = new(|", "Point(«int X», int Y)")]
    [InlineData("var w = words[|];", "string List<string>[«int index»]")]
    [InlineData("string.Format(\"\", 1, 2, 3, 4, |", "«params")]
    [InlineData("Console.WriteLine(|", "void Console.WriteLine(«string? value»)")]
    [InlineData("Func<int, int> f = x => x; f(|", "Invoke(«int arg»)")]
    public async Task Inspect_InsideCall_ShowsSignatures(string marked, string expected) =>
        Assert.Contains(expected, await session.PlainAsync(marked), StringComparison.Ordinal);

    [Fact]
    public async Task Inspect_InsideCall_ShowsAllOverloads()
    {
        string text = await session.PlainAsync("Math.Max(|");

        int expected = typeof(Math).GetMethods().Count(method => method.Name == "Max");
        Assert.Equal(expected, text.Split('\n').Count(line => line.Contains("Math.Max(", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("|")]
    [InlineData("1 + | 2")]
    [InlineData("// Cons|ole")]
    [InlineData("\"Cons|ole\"")]
    [InlineData("noSuch|Name")]
    [InlineData("#!ti|me")]
    [InlineData("#!html\nCons|ole")]
    [InlineData("fo|r (;;) { }")]
    public async Task Inspect_NoSymbol_IsNull(string marked) =>
        Assert.Null(await session.At(marked).InspectAsync());

    [Fact]
    public async Task Inspect_Detailed_AddsRemarksAndMembers()
    {
        string text = await session.PlainAsync("new List<int>().Cou|nt");
        string detailed = await session.PlainAsync("new Li|st<int>()", detailed: true);

        Assert.DoesNotContain("Members", text, StringComparison.Ordinal);
        Assert.Contains("Members", detailed, StringComparison.Ordinal);
        Assert.Contains("void List<int>.AddRange(IEnumerable<int> collection)", detailed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Symbol_HasTextMarkdownAndHtml()
    {
        MimeBundle bundle = (await session.At("new Li|st<int>()").InspectAsync())!;

        Assert.Equal(["text/html", "text/markdown", "text/plain"], bundle.MimeTypes);
        Assert.StartsWith(
            "```csharp\nclass System.Collections.Generic.List<int>",
            bundle.Text("text/markdown"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "<pre><code class=\"language-csharp\">class System.Collections.Generic.List&lt;int&gt;",
            bundle.Text("text/html"), StringComparison.Ordinal);
    }
}
