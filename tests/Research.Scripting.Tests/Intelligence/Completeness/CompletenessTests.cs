using Research.Scripting;
using Research.Scripting.Intelligence;

namespace Research.Tests.Intelligence.Completeness;

public sealed class CompletenessTests : IDisposable
{
    private readonly ScriptSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("   \n")]
    [InlineData("1 + 1")]
    [InlineData("int x = 1;")]
    [InlineData("if (x) foo();")]
    [InlineData("for (int i = 0; i < 3; i++) { }")]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    F(i);\n}")]
    [InlineData("class C { int X { get; set; } }")]
    [InlineData("int F(int x) => x;")]
    [InlineData("using System.Text;")]
    [InlineData("xs.Where(x => x > 1)\n  .ToList()")]
    [InlineData("\"\"\"\n  raw\n  \"\"\"")]
    [InlineData("@\"two\nlines\"")]
    [InlineData("/* done */")]
    [InlineData("// done")]
    [InlineData("foo(1) // why (")]
    [InlineData("#!time\n1 + 1")]
    [InlineData("#!whos")]
    [InlineData("#r \"nuget: Some.Package, 1.0\"")]
    [InlineData("#r \"unfinished")]
    [InlineData("#load \"a.csx\"\nF();")]
    [InlineData("#!html\n<b>unfinished (")]
    [InlineData("await Task.Delay(1)")]
    [InlineData("#if DEBUG\nF();\n#endif")]
    [InlineData("x switch { 1 => 2, _ => 3 }")]
    [InlineData("$\"{x}\"")]
    [InlineData("\"😀\"")]
    public void Check_WholeCell_IsComplete(string code) =>
        Assert.Equal(new CellCompleteness("complete"), _session.Intelligence.CheckCompleteness(code));

    [Theory]
    [InlineData("foo(", 4)]
    [InlineData("foo(1,", 4)]
    [InlineData("    foo(bar(2,", 12)] // Under the innermost argument.
    [InlineData("foo(\n    1,", 4)]
    [InlineData("var x =", 4)]
    [InlineData("1 +", 4)]
    [InlineData("a &&", 4)]
    [InlineData("greeting.", 4)]
    [InlineData("int x = 1", 0)]
    [InlineData("using System", 0)]
    [InlineData("if (x)", 0)] // A brace comes under the keyword.
    [InlineData("if (x", 4)]
    [InlineData("else_(x) ? 1", 0)]
    [InlineData("while (true)", 0)]
    [InlineData("for (int i = 0; i < 3; i++) {", 4)]
    [InlineData("for (int i = 0; i < 3; i++)\n{", 4)]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    if (i > 1)\n    {", 8)]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    F();\n\n", 4)] // A blank line inside a body.
    [InlineData("void F()\n{\n    int x = 1;\n", 4)]
    [InlineData("int F(int a)", 0)]
    [InlineData("class C", 0)]
    [InlineData("class C {", 4)]
    [InlineData("class C { void M() {", 4)]
    [InlineData("record P(int X,", 9)]
    [InlineData("xs.Select(x =>", 10)]
    [InlineData("xs.Select(x => {", 4)]
    [InlineData("xs.Select(x =>\n{", 4)]
    [InlineData("new Foo\n{", 4)]
    [InlineData("int[] a = [1, 2,", 11)]
    [InlineData("x switch {", 4)]
    [InlineData("try {\n}", 0)]
    [InlineData("do { }", 0)]
    [InlineData("@\"two", 0)]
    [InlineData("\"\"\"", 0)]
    [InlineData("\"\"\"\n  raw", 2)]
    [InlineData("var s = $\"\"\"\n  {x} raw", 2)]
    [InlineData("/* to be", 0)]
    [InlineData("F(); /* to be", 0)]
    [InlineData("#if DEBUG\nF();", 0)]
    [InlineData("#region R\nF();", 0)]
    [InlineData("[Obsolete]", 0)]
    [InlineData("#!time\nfoo(", 4)]
    [InlineData("foo( // why", 4)]
    [InlineData("public static", 0)]
    [InlineData("foo(\r\n", 4)]
    [InlineData("from x in xs", 0)]
    public void Check_UnfinishedCell_IsIncompleteWithIndent(string code, int indent) => Assert.Equal(
        new CellCompleteness("incomplete", new string(' ', indent)), _session.Intelligence.CheckCompleteness(code));

    [Theory]
    [InlineData("}")]
    [InlineData("foo)")]
    [InlineData("foo(]")]
    [InlineData("foo(1 2)")]
    [InlineData("\"unfinished")]
    [InlineData("'")]
    [InlineData("int 1x = 2;")]
    [InlineData("x = ;")]
    [InlineData("if (x {\n}")]
    [InlineData("class { }\n")]
    [InlineData("int x = 1\n\n")] // Its writer has gone on to an empty line.
    [InlineData("int x = 1\n    ")]
    [InlineData("int x = 1\nint y = 2;")]
    public void Check_BrokenCell_IsInvalid(string code) =>
        Assert.Equal(new CellCompleteness("invalid"), _session.Intelligence.CheckCompleteness(code));
}
