using Research.Scripting;
using Research.Scripting.Outputs;

namespace Research.Tests;

public sealed class ScriptSessionTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Fact]
    public async Task Execute_VariableOfEarlierCell_IsSeen()
    {
        await _cells.RunAsync("int x = 20;");

        Assert.Equal(42, await _cells.RunAsync("x * 2 + 2"));
        Assert.Equal("42", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Execute_RedeclaredVariableOfOtherType_TakesTheNewOne()
    {
        await _cells.RunAsync("var x = 1;");
        await _cells.RunAsync("var x = \"one\";");

        Assert.Equal("one", await _cells.RunAsync("x"));
    }

    [Fact]
    public async Task Execute_TopLevelAwait_Waits() =>
        Assert.Equal(7, await _cells.RunAsync("await Task.Delay(20);\nint v = await Task.FromResult(7);\nv"));

    [Fact]
    public async Task Execute_StatementOrVoidExpression_ShowsNothing()
    {
        await _cells.RunAsync("int x = 1;");
        Assert.Empty(_cells.Outputs);

        await _cells.RunAsync("Console.Write(\"\")");
        Assert.Empty(_cells.Outputs);
    }

    [Fact]
    public async Task Execute_NullExpression_ShowsNull()
    {
        await _cells.RunAsync("(string)null");

        Assert.Equal("<null>", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Execute_DefaultUsings_AreDotNetInteractives() => Assert.Equal(
        "3 ab .x True",
        await _cells.RunAsync("""
            string joined = new StringBuilder().Append("a").Append("b").ToString();
            var list = new List<int> { 1, 2 };
            IEnumerable e = list;
            $"{list.Sum()} {joined} {Path.GetExtension("f.x")} {Task.CompletedTask.IsCompleted}"
            """));

    [Fact]
    public async Task Execute_NewestLanguage_Compiles() => Assert.Equal(
        3, await _cells.RunAsync("record P(int A); int[] a = [1, 2]; a is [1, var last] ? last + new P(1).A : 0"));

    [Fact]
    public async Task Execute_FailingCell_KeepsWhatItHadSet()
    {
        await _cells.RunAsync("int x = 1;");
        await _cells.FailAsync("x = 5; int fresh = 6; throw new Exception(\"no\");");

        Assert.Equal(5, await _cells.RunAsync("x"));
    }

    [Fact]
    public async Task Execute_AfterCompileError_StateIsUnchanged()
    {
        await _cells.RunAsync("int x = 1;");
        await _cells.FailAsync("x = ;");

        Assert.Equal(1, await _cells.RunAsync("x"));
    }

    [Fact]
    public async Task Execute_CompileError_NamesLineAndColumn()
    {
        CellError error = await _cells.FailAsync("#!time\nint x = 1;\n  int y = zed + 1;\n");

        Assert.Equal("CompilationError", error.Name);
        Assert.Contains("CS0103", error.Message, StringComparison.Ordinal);
        Assert.Equal(("cell 1", 3, 11), (error.Source, error.Line, error.Column));
        Assert.Equal("int y = zed + 1;", error.LineText);
        Assert.Contains("    " + new string(' ', 10) + "^^^", error.Traceback);
    }

    [Fact]
    public async Task Execute_RuntimeException_ShowsUserFramesFirstAndNoHost()
    {
        await _cells.RunAsync(
            "int Half(int k)\n{\n    if (k < 0) throw new ArgumentException(\"negative\");\n    return k / 2;\n}");
        CellError error = await _cells.FailAsync("int a = 1;\nint b = Half(-a);");

        Assert.Equal("System.ArgumentException", error.Name);
        Assert.Equal("negative", error.Message);
        Assert.Equal(("cell 1", 3), (error.Source, error.Line));
        Assert.Equal(
            [
                "System.ArgumentException: negative",
                "   at Half in cell 1, line 3: if (k < 0) throw new ArgumentException(\"negative\");",
                "   at cell 2, line 2: int b = Half(-a);",
            ],
            error.Traceback);
    }

    [Fact]
    public async Task Execute_ExceptionInLibrary_PutsUserFrameBeforeLibraryFrames()
    {
        CellError error = await _cells.FailAsync("var d = new Dictionary<string, int>();\n\nd[\"missing\"]");

        Assert.Equal(3, error.Line);
        Assert.StartsWith("   at cell 1, line 3", error.Traceback[1], StringComparison.Ordinal);
        Assert.Contains(error.Traceback, line => line.Contains("Dictionary", StringComparison.Ordinal));
        Assert.DoesNotContain(
            error.Traceback, line => line.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal));
        Assert.DoesNotContain(error.Traceback, line => line.Contains("Research.Scripting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_ExceptionAfterAwaitInAsyncMethod_NamesMethodAndLine()
    {
        await _cells.RunAsync(
            "async Task<int> Later()\n{\n    await Task.Delay(1);\n    throw new TimeoutException(\"late\");\n}");
        CellError error = await _cells.FailAsync("await Later();");

        Assert.Equal(("cell 1", 4), (error.Source, error.Line));
        Assert.Contains("   at Later in cell 1, line 4: throw new TimeoutException(\"late\");", error.Traceback);
        Assert.Contains("   at cell 2, line 1: await Later();", error.Traceback);
    }

    [Fact]
    public async Task Execute_InnerException_IsReported()
    {
        CellError error = await _cells.FailAsync(
            "try { throw new FormatException(\"inner\"); }\n"
            + "catch (Exception e) { throw new InvalidOperationException(\"outer\", e); }");

        Assert.Equal("outer", error.Message);
        Assert.Contains(" ---> System.FormatException: inner", error.Traceback);
    }

    [Fact]
    public async Task Execute_ThrowingFormatterOfResult_IsTheCellsError()
    {
        CellError error = await _cells.FailAsync("""
            class Bad { public override string ToString() => "x"; }
            Formatter.Register<Bad>((b, w) => throw new FormatException("cannot show"), "text/plain");
            new Bad()
            """);

        Assert.Equal("The text/plain formatter of Bad failed: cannot show", error.Message);
    }

    [Fact]
    public async Task Variables_AfterRedeclaration_HaveTheLast()
    {
        await _cells.RunAsync("int a = 1; string b = \"b\";");
        await _cells.RunAsync("double a = 2;");

        Assert.Equal(["a", "b"], _cells.Session.Variables.Select(variable => variable.Name).Order());
        Assert.True(_cells.Session.TryGetVariable("a", out object? value));
        Assert.Equal(2.0, value);
        Assert.False(_cells.Session.TryGetVariable("c", out _));
    }

    [Fact]
    public async Task NewSession_AfterFormatterRegister_IsFresh()
    {
        await _cells.RunAsync("Formatter.Register<int>(i => $\"<b>{i}</b>\", \"text/html\");\n5");
        Assert.Equal("<b>5</b>", _cells.Result.Text("text/html"));

        using Cells fresh = new();
        await fresh.RunAsync("5");
        Assert.Equal(["text/plain"], fresh.Result.MimeTypes);
    }

    [Fact]
    public async Task Execute_TwoAtOnce_RunInTurn()
    {
        Task<CellResult> first = _cells.Session.ExecuteAsync(
            new CellSource("await Task.Delay(100); int a = 1;", "first"), static _ => { });
        Task<CellResult> second = _cells.Session.ExecuteAsync(new CellSource("a + 1", "second"), static _ => { });

        Assert.True((await first).Succeeded);
        Assert.Equal(2, (await second).Value);
    }

    [Fact]
    public async Task Execute_ReceiverThatWritesToConsole_DoesNotFeedItself()
    {
        List<CellOutput> outputs = [];
        await _cells.Session.ExecuteAsync(new CellSource("Console.WriteLine(1);", "c"), output =>
        {
            outputs.Add(output);
            Console.Write("");
        });

        Assert.Equal([new StreamOutput("stdout", "1\n")], outputs);
    }
}
