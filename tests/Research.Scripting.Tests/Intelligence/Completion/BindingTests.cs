using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Research.Scripting.Intelligence;

namespace Research.Tests.Intelligence.Completion;

/// <summary>The compiler is the judge: what is offered must be found where it is inserted.</summary>
public sealed class BindingTests(IntelligentSession session) : IClassFixture<IntelligentSession>
{
    private const int Sample = 60;

    // No such name, member, type or namespace; inaccessible; used before it is declared; no such named argument; not an
    // attribute.
    private static readonly string[] Unbound =
    [
        "CS0103", "CS0117", "CS1061", "CS0246", "CS0234", "CS0122", "CS0841", "CS1739", "CS0616", "CS0426", "CS0400",
    ];

    [Theory]
    [InlineData("var a = greeting.¦;")]
    [InlineData("var a = words.¦;")]
    [InlineData("var a = words.Where(w => w.¦);")]
    [InlineData("var a = square.¦;")]
    [InlineData("var a = shape?.Inner.¦;")]
    [InlineData("var a = string.¦;")]
    [InlineData("var a = Console.¦;")]
    [InlineData("var a = DayOfWeek.¦;")]
    [InlineData("var a = System.IO.¦;")]
    [InlineData("using System.¦;")]
    [InlineData("var a = new ¦();")]
    [InlineData("List<¦> a;")]
    [InlineData("void F(¦ a) { }")]
    [InlineData("var a = ¦;")]
    [InlineData("int F(int p) { int q = 1; return ¦; }")]
    [InlineData("class C : Square { int f; void M() { var a = ¦; } }")]
    [InlineData("class C : Square { int f; void M() { var a = this.¦; } }")]
    [InlineData("class C : Square { int f; void M() { var a = base.¦; } }")]
    [InlineData("try { } catch (¦ e) { }")]
    [InlineData("var s = new Shape { ¦ = default };")]
    [InlineData("var p = new Point(1, 2) with { ¦ = 3 };")]
    [InlineData("if (shape is { ¦: var v }) { }")]
    [InlineData("if (day == ¦) { }")]
    [InlineData("[¦] class C { }")]
    [InlineData("Plan(¦);")]
    [InlineData("(int n, string t) t = (1, \"\"); var a = t.¦;")]
    [InlineData("static T G<T>(T x) where T : IComparable<T> { var a = x.¦; return x; }")]
    public async Task Complete_EachItemInserted_Binds(string marked)
    {
        (string code, int position) = MarkedCode.Read(marked);
        CompletionList list = await session.At(code, position).CompleteAsync();
        CompletionItem[] items = [.. list.Items.Where(item => item.Kind is not ("keyword" or "argument") &&
            (item.Kind != "namespace" || !marked.StartsWith('[')))]; // No attribute itself.
        Assert.NotEmpty(items);

        int step = Math.Max(1, items.Length / Sample);
        List<string> failures = [];
        for (int i = 0; i < items.Length; i += step)
        {
            string text = items[i].Text;
            failures.AddRange(Errors(code[..list.Start] + text + code[list.End..], list.Start, text.Length)
                .Select(error => $"{text}: {error}"));
        }

        Assert.Empty(failures);
    }

    private IEnumerable<string> Errors(string code, int start, int length)
    {
        CSharpCompilation draft = session.Draft(code);
        SyntaxTree tree = draft.SyntaxTrees[^1];
        return draft.GetSemanticModel(tree).GetDiagnostics()
            .Where(error => Unbound.Contains(error.Id) && !IsAboutTheArguments(error) && error.Location.SourceSpan.Start <= start + length &&
                error.Location.SourceSpan.End >= start)
            .Select(error => error.ToString());
    }

    // The type binds; that it has a constructor for these arguments, and a protected one for none, is the writer's matter.
    private static bool IsAboutTheArguments(Diagnostic error) =>
        error.Id == "CS0122" && error.ToString().Contains("()'", StringComparison.Ordinal);
}
