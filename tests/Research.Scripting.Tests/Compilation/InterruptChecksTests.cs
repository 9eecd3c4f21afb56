using Research.Scripting;

namespace Research.Tests.Compilation;

/// <summary>What is added to loops and functions changes neither what they do nor where errors are.</summary>
public sealed class InterruptChecksTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("int n = 0; while (n < 3) n++; n", 3)]
    [InlineData("int n = 0; do n++; while (n < 3); n", 3)]
    [InlineData("int n = 0; for (int i = 0; i < 3; i++) foreach (var c in \"ab\") n++; n", 6)]
    [InlineData("int n = 0; foreach (var (a, b) in new[] { (1, 2) }) n = a + b; n", 3)]
    [InlineData("int F(int x) => x + 1; F(2)", 3)]
    [InlineData("int n = 0; void Set() => n = 3; Set(); n", 3)]
    [InlineData("int[] a = [1]; ref int At(int i) => ref a[i]; At(0) = 3; a[0]", 3)]
    [InlineData("int Fail() => throw new Exception(); int n = 3; try { Fail(); } catch { } n", 3)]
    [InlineData("async Task Wait() => await Task.Yield(); await Wait(); 3", 3)]
    [InlineData("async Task<int> Three() => await Task.FromResult(3); await Three()", 3)]
    [InlineData("Task Plain() => Task.CompletedTask; await Plain(); 3", 3)]
    [InlineData("async System.Threading.Tasks.ValueTask Wait() => await Task.Yield(); await Wait(); 3", 3)]
    [InlineData("async ValueTask<int> Three() => await Task.FromResult(3); await Three()", 3)]
    [InlineData("class C { public int M() => 3; } new C().M()", 3)]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> e = x => x + 1; e.Compile()(2)", 3)]
    [InlineData("Func<int, int> f = x => { return x + 1; }; f(2)", 3)]
    [InlineData("IEnumerable<int> Two() { yield return 1; yield return 2; } Two().Sum()", 3)]
    [InlineData("static T Id<T>(T x) where T : struct => x; Id(3)", 3)]
    [InlineData("_ = Task.Run(() => 1); _ = \"x\"; 3", 3)]
    [InlineData("(int _, int b) = (1, 3); b", 3)]
    [InlineData("unsafe int P() { int x = 3; int* p = &x; return *p; } P()", 3)]
    public async Task Execute_LoopsAndFunctions_DoWhatTheySay(string code, int expected) =>
        Assert.Equal(expected, await _cells.RunAsync(code));

    [Fact]
    public async Task Execute_ErrorInALoop_IsAtItsLine()
    {
        CellError error = await _cells.FailAsync(
            "int Bad(int i) =>\n    i > 2 ? throw new FormatException(\"here\") : i;\n"
            + "for (int i = 0; ; i++)\n{\n    Bad(i);\n}");

        Assert.Equal(("here", 2), (error.Message, error.Line));
        Assert.Contains("   at cell 1, line 5: Bad(i);", error.Traceback);
    }

    // Roslyn guards its stack in expressions, but not everywhere: these end a process that compiles them.
    [Theory]
    [InlineData("(", 20_000)]
    [InlineData("A<", 20_000)]
    [InlineData("a.", 20_000)]
    public async Task Execute_EndlessNesting_IsAnError(string part, int times)
    {
        CellError error = await _cells.FailAsync(string.Concat(Enumerable.Repeat(part, times)));

        Assert.Contains("deeper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_CompileErrorInALoop_IsAtItsColumn()
    {
        CellError error = await _cells.FailAsync("while (true) zed();");

        Assert.Equal((1, 14), (error.Line, error.Column));
    }
}
