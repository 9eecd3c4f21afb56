using Research.Scripting.Intelligence;

namespace Research.Tests.Intelligence.Completion;

public sealed class CompletionTests(IntelligentSession session) : IClassFixture<IntelligentSession>
{
    [Theory]
    [InlineData("greeting.|", "Length")] // The cell ends in a dot.
    [InlineData("greeting.|\nvar next = 1;", "Length")] // What follows makes it look like a type.
    [InlineData("greeting.|\nConsole.WriteLine();", "Length")]
    [InlineData("greeting.|\nvoid F() { }", "Length")]
    [InlineData("words.Wh|", "Where")]
    [InlineData("words.Where(w => w.|", "Length")]
    [InlineData("words.Where(w => w.|)", "Length")]
    [InlineData("words.Where(w => w.|\nvar next = 1;", "Length")]
    [InlineData("words.Select(w => w.Length).Where(n => n.|", "CompareTo")]
    [InlineData("Console.WriteLine(Console.Wri|", "WriteLine")]
    [InlineData("Console.Wri|", "WriteLine")]
    [InlineData("Console.|WriteLine();", "ReadLine")]
    [InlineData("if (greeting.|", "Length")]
    [InlineData("foreach (var w in words)\n{\n    w.|\n}", "Length")]
    [InlineData("foreach (var w in words) { w.|", "Length")]
    [InlineData("greeting?.|", "Length")]
    [InlineData("greeting?.Trim().|", "Length")]
    [InlineData("shape?.Inner?.|", "Title")]
    [InlineData("maybe?.|", "CompareTo")]
    [InlineData("maybe.|", "Value")]
    [InlineData("greeting!.|", "Length")]
    [InlineData("(greeting + 1).|", "Length")]
    [InlineData("\"text\".|", "Length")]
    [InlineData("1.|", "CompareTo")]
    [InlineData("new Shape().|", "Draw")]
    [InlineData("new System.Text.|", "StringBuilder")]
    [InlineData("numbers[0].|", "CompareTo")]
    [InlineData("int.|", "Parse")]
    [InlineData("System.Col|", "Collections")]
    [InlineData("global::Sys|", "System")]
    [InlineData("Environment.Spec|", "SpecialFolder")]
    [InlineData("DayOfWeek.|", "Monday")]
    [InlineData("typeof(int).|", "FullName")]
    [InlineData("nameof(Shape.|", "Title")]
    [InlineData("from w in words where w.|", "Length")]
    [InlineData("(1, name: 2).|", "name")]
    [InlineData("await Task.|", "Delay")]
    [InlineData("$\"{greeting.|}\"", "Length")]
    [InlineData("class C : Shape { void M() { base.| } }", "Draw")]
    [InlineData("class C { int field; void M() { this.| } }", "field")]
    [InlineData("using System.Te|", "Text")]
    [InlineData("using Sys|", "System")]
    [InlineData("using static System.Ma|", "Math")]
    [InlineData("using M = System.Ma|", "Math")]
    [InlineData("ans|", "answer")]
    [InlineData("ANS|", "answer")]
    [InlineData("AddUp(an|", "answer")]
    [InlineData("AU|", "AddUp")]
    [InlineData("int F(int parameter) { return par|; }", "parameter")]
    [InlineData("{ int local = 1; loc| }", "local")]
    [InlineData("int local = 1; loc|", "local")]
    [InlineData("Strin|", "StringBuilder")]
    [InlineData("SB|", "StringBuilder")]
    [InlineData("fore|", "foreach")]
    [InlineData("var x = aw|", "await")]
    [InlineData("class C { pub| }", "public")]
    [InlineData("class C { int X { g| } }", "get")]
    [InlineData("List<Sh|", "Shape")]
    [InlineData("void F(Sh|", "Shape")]
    [InlineData("Dictionary<string, Sh|", "Shape")]
    [InlineData("new List<Sh|", "Shape")]
    [InlineData("object o = shape as Sq|", "Square")]
    [InlineData("shape is Sq|", "Square")]
    [InlineData("new Sh|", "Shape")]
    [InlineData("try { } catch (Arg|", "ArgumentException")]
    [InlineData("[Obs|]\nvoid F() { }", "Obsolete")]
    [InlineData("class C { [Flag|] enum E { } }", "Flags")]
    [InlineData("new Shape { |", "Title")]
    [InlineData("new Shape { Title = \"\", | }", "Day")]
    [InlineData("Shape s = new() { Ti| }", "Title")]
    [InlineData("new Shape { Inner = { | } }", "Title")]
    [InlineData("new Point(1, 2) with { |", "X")]
    [InlineData("shape is { Ti|", "Title")]
    [InlineData("Plan(|", "DayOfWeek.Monday")]
    [InlineData("Plan(Mon|", "DayOfWeek.Monday")]
    [InlineData("Plan(when: |", "DayOfWeek.Monday")]
    [InlineData("Plan(DayOfWeek.Monday, |", "urgent:")]
    [InlineData("shape.Draw(co|", "colour:")]
    [InlineData("day == |", "DayOfWeek.Friday")]
    [InlineData("day = |", "DayOfWeek.Friday")]
    [InlineData("DayOfWeek other = Fri|", "DayOfWeek.Friday")]
    [InlineData("DayOfWeek? other = Fri|;", "DayOfWeek.Friday")]
    [InlineData("DayOfWeek F() => Fri|", "DayOfWeek.Friday")]
    [InlineData("DayOfWeek F() { return Fri|; }", "DayOfWeek.Friday")]
    [InlineData("switch (day) { case |", "DayOfWeek.Friday")]
    [InlineData("day switch { Fri| => 1 }", "DayOfWeek.Friday")]
    [InlineData("new Shape { Day = Fri|", "DayOfWeek.Friday")]
    [InlineData("int u = @cla|", "@class")]
    [InlineData("int u = cla|", "@class")]
    public async Task Complete_Place_OffersName(string marked, string expected) =>
        Assert.Contains(expected, await session.NamesAsync(marked));

    [Theory]
    [InlineData("greeting.|", "IsNullOrEmpty")] // Static.
    [InlineData("string.|", "Length")]
    [InlineData("shape.|", "hidden")]
    [InlineData("shape.|", "Paint")]
    [InlineData("shape.|", "Secret")]
    [InlineData("shape.|", "Make")]
    [InlineData("shape.|", ".ctor")]
    [InlineData("shape.|", "get_Title")]
    [InlineData("using System.|", "Console")]
    [InlineData("new Ma|", "Math")]
    [InlineData("new Shape { |", "Area")]
    [InlineData("new Shape { Title = \"\", |", "Title")]
    [InlineData("try { } catch (Str|", "StringBuilder")]
    [InlineData("la|; int later = 1;", "later")]
    [InlineData("int self = se|", "self")]
    [InlineData("void F(gree|", "greeting")]
    [InlineData("Plan(when: DayOfWeek.Monday, |", "when:")]
    [InlineData("List<gree|", "greeting")]
    [InlineData("|", "completionSite__")]
    [InlineData("void completionSite__() { } comp|", "completionSite__")]
    public async Task Complete_Place_DoesNotOfferName(string marked, string unwanted) =>
        Assert.DoesNotContain(unwanted, await session.NamesAsync(marked));

    [Theory]
    [InlineData("int |")]
    [InlineData("int cou|")]
    [InlineData("var x|")]
    [InlineData("class Fo|")]
    [InlineData("void Fo|() { }")]
    [InlineData("void F(int par|")]
    [InlineData("foreach (var wo|")]
    [InlineData("\"gree|\"")]
    [InlineData("\"gree|")]
    [InlineData("$\"gree|\"")]
    [InlineData("@\"gree|")]
    [InlineData("\"\"\"\ngree|")]
    [InlineData("'g|'")]
    [InlineData("// gree|")]
    [InlineData("/* gree|")]
    [InlineData("/// <summary>gree|")]
    [InlineData("12|")]
    [InlineData("0x1F|")]
    [InlineData("#!html\n<b>gree|</b>")]
    [InlineData("#if false\ngree|\n#endif")]
    [InlineData("AddUp.|")]
    [InlineData("Console.WriteLine().|")]
    [InlineData("nothing.|")]
    public async Task Complete_WhereNoNameStands_OffersNothing(string marked) =>
        Assert.Empty(await session.NamesAsync(marked));

    [Theory]
    [InlineData("answer + ans|wer", 9, 15)]
    [InlineData("greeting.|", 9, 9)]
    [InlineData("\"😀\".Le|", 5, 7)] // The smiley is two.
    [InlineData("int a = 1;\r\ngreeting.Le|\r\n", 21, 23)]
    [InlineData("int u = @cla|", 8, 12)]
    public async Task Complete_Span_IsTheWord(string marked, int start, int end)
    {
        CompletionList list = await session.At(marked).CompleteAsync();

        Assert.Equal((start, end), (list.Start, list.End));
        Assert.NotEmpty(list.Items);
    }

    [Theory]
    [InlineData("var text = gr|", "greeting")]
    [InlineData("greeting.|", "Clone,CompareTo,Contains")]
    [InlineData("square.T|", "Title,ToDisplayString,ToString")]
    [InlineData("Cons|", "Console,ConsoleCancelEventArgs")]
    [InlineData("con|", "const,continue")] // The same case, then the other.
    [InlineData("{ int swift = 1; sw| }", "swift,switch")]
    [InlineData("int add = 1; add|", "add,AddUp")]
    [InlineData("Shape s = new |", "Shape")]
    [InlineData("List<int> s = new |", "List<int>")]
    [InlineData("string str1 = \"\"; str|", "str1,string,struct")]
    [InlineData("Plan(D|", "DayOfWeek.Friday")]
    public async Task Complete_Order_NearestFirst(string marked, string expected)
    {
        string[] first = expected.Split(',');

        Assert.Equal(first, (await session.NamesAsync(marked)).Take(first.Length));
    }

    [Fact]
    public async Task Complete_Member_OwnBeforeInheritedBeforeExtensionBeforeObjects()
    {
        IReadOnlyList<string> names = await session.NamesAsync("new Square().|");

        List<string> wanted = ["Side", "Title", "Display", "GetType"];
        int[] places = [.. wanted.Select(name => names.ToList().IndexOf(name))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [InlineData("greeting.Subs|", "method", "string string.Substring(int startIndex) (+ 1 overload)")]
    [InlineData("answ|", "variable", "int answer")]
    [InlineData("greeting.Leng|", "property", "int string.Length")]
    [InlineData("DayOfWeek.Mon|", "enum member", "DayOfWeek.Monday")]
    [InlineData("Shap|", "class", "class Shape")]
    [InlineData("poin|", "record", "record Point")]
    [InlineData("Stringb|", "class", "class StringBuilder")]
    [InlineData("IEnumer|", "interface", "interface IEnumerable")]
    [InlineData("System.Tex|", "namespace", "namespace Text")]
    [InlineData("AddU|", "method", "int AddUp(int left, int right)")]
    [InlineData("whil|", "keyword", null)]
    public async Task Complete_Item_HasKindAndSignature(string marked, string kind, string? signature)
    {
        CompletionItem item = (await session.At(marked).CompleteAsync()).Items[0];

        Assert.Equal((kind, signature), (item.Kind, item.Signature));
    }

    [Fact]
    public async Task Complete_GenericType_IsInsertedWithoutArity() =>
        Assert.Contains("Dictionary", await session.NamesAsync("new Dictio|"));
}
