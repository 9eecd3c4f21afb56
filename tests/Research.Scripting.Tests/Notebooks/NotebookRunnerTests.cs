using System.Text.Json.Nodes;
using Research.Scripting.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Notebooks;

public sealed class NotebookRunnerTests
{
    [NbformatFact]
    public async Task Run_Quickstart_GivesWhatNbformatWritesByteForByte()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("quickstart"));

        NotebookRunResult result = await NotebookRunner.RunAsync(document);

        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal(6, result.CellsRun);
        byte[] bytes = document.ToBytes();
        byte[] rewritten = await NbformatOracle.RewriteAsync(bytes);

        // nbformat splits text at U+2028 too, as Python's splitlines does; only the "streams" cell has one.
        Assert.Equal(WithoutStreams(rewritten), WithoutStreams(bytes));
    }

    [Fact]
    public async Task Run_Quickstart_WritesEveryKindOfOutput()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("quickstart"));
        await NotebookRunner.RunAsync(document);

        NotebookCell[] code = [.. document.Cells.Where(cell => cell.Kind == NotebookCellKind.Code)];
        Assert.Equal([1, 2, 3, 4, 5, 6], code.Select(cell => cell.ExecutionCount));
        Assert.Equal("[\"[ 1, 2, 3 ]\"]", code[0].Outputs[0]!["data"]!["text/plain"]!.ToJsonString());
        Assert.Equal("execute_result", (string?)code[0].Outputs[0]!["output_type"]);
        Assert.Equal(1, (int?)code[0].Outputs[0]!["execution_count"]);
        Assert.Equal(["stdout", "stderr", "stdout"], code[1].Outputs.Select(output => (string?)output!["name"]));
        Assert.Equal("é😀 \u2028 end", (string?)code[1].Outputs[2]!["text"]![0]);
        Assert.Equal("after", (string?)code[2].Outputs[0]!["data"]!["text/plain"]![0]);
        Assert.Equal("bold", (string?)code[2].Outputs[1]!["data"]!["text/plain"]![0]);
        Assert.Empty(code[3].Outputs);
        Assert.Equal("14", (string?)code[4].Outputs[0]!["data"]!["text/plain"]![0]);
        Assert.Equal(
            "<div class=\"box\"><h3>Title</h3><p>text</p></div>",
            (string?)code[5].Outputs[0]!["data"]!["text/html"]![0]);
    }

    [Fact]
    public async Task Run_Twice_GivesTheSameBytes()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("quickstart"));
        await NotebookRunner.RunAsync(document);
        byte[] first = document.ToBytes();

        NotebookDocument again = NotebookDocument.Parse(first);
        await NotebookRunner.RunAsync(again);

        Assert.Equal(first, again.ToBytes());
    }

    [Fact]
    public async Task Run_FailingCell_StopsThereAndSaysWhere()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("failing"));
        List<NotebookProgress> progress = [];

        NotebookRunResult result = await NotebookRunner.RunAsync(
            document, new NotebookRunOptions { Progress = new Recorder(progress) });

        Assert.False(result.Succeeded);
        Assert.Equal((3, "// The failing cell"), (result.FailedCell, result.FailedCellFirstLine));
        Assert.Equal("System.DivideByZeroException", result.Error!.Name);
        Assert.Equal(("cell 1", 3, "return a / b;"), (result.Error.Source, result.Error.Line, result.Error.LineText));
        JsonNode output = Assert.Single(document.Cells[3].Outputs)!;
        Assert.Equal("error", (string?)output["output_type"]);
        Assert.Contains("cell 3, line 3", output["traceback"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(document.Cells[4].ExecutionCount);
        Assert.Equal([1, 1, 2, 2, 3, 3], progress.Select(step => step.Cell));
        Assert.NotNull(progress[^1].Error);
    }

    [Fact]
    public async Task Run_RelativePaths_AreTheNotebooksAndTheDirectoryComesBack()
    {
        using TemporaryFolder folder = new();
        folder.File("data.txt", "beside the notebook");
        string before = Environment.CurrentDirectory;
        NotebookDocument document = NotebookDocument.Create();
        NotebookCell cell = document.AddCode("File.ReadAllText(\"data.txt\")");

        NotebookRunResult result =
            await NotebookRunner.RunAsync(document, new NotebookRunOptions { Folder = folder.Path });

        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal("beside the notebook", (string?)cell.Outputs[0]!["data"]!["text/plain"]![0]);
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public async Task Run_CellOverItsTimeLimit_FailsAtThatCell()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("int x = 1;");
        using CellSignal signal = new();
        NotebookCell endless = document.AddCode(
            $"Console.WriteLine(\"started\");\n_ = {signal.Give};\nwhile (true) {{ }}");
        ManualTime time = new();

        Task<NotebookRunResult> running = NotebookRunner.RunAsync(
            document, new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(1), Time = time });
        await signal.WaitAsync(running);
        time.Advance(999);
        await WorkClock.DelayAsync(50);
        Assert.False(running.IsCompleted);
        time.Advance(1);
        NotebookRunResult result = await running.WaitAsync(CellSignal.Patience);

        Assert.Equal((2, "TimeoutException"), (result.FailedCell, result.Error?.Name));
        Assert.Equal("The cell ran longer than 1 s.", result.Error!.Message);
        Assert.Equal(["stream", "error"], endless.Outputs.Select(output => (string?)output!["output_type"]));
    }

    [Fact]
    public async Task Run_Cancelled_ThrowsAndKeepsOutputsSoFar()
    {
        NotebookDocument document = NotebookDocument.Create();
        NotebookCell first = document.AddCode("\"done\"");
        using CellSignal signal = new();
        NotebookCell second = document.AddCode($"await {signal.Give};");
        using CancellationTokenSource cancel = new();
        Task<NotebookRunResult> running = NotebookRunner.RunAsync(document, null, cancel.Token);
        await signal.WaitAsync(running);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Single(first.Outputs);
        Assert.Equal("OperationCanceledException", (string?)Assert.Single(second.Outputs)!["ename"]);
    }

    [Fact]
    public async Task Run_Parameters_ReplaceDefaultsWithTheirTypes()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("parameters"));
        Dictionary<string, string> values = new()
        {
            ["epochs"] = "3",
            ["rate"] = "2",
            ["factor"] = "4",
            ["name"] = "it's \"b\"",
            ["flag"] = "true",
        };

        NotebookRunResult result =
            await NotebookRunner.RunAsync(document, new NotebookRunOptions { Parameters = values });

        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal(["injected-parameters"], document.Cells[1].Tags);
        Assert.Equal(
            "3 2 4 it's \"b\" True Double", (string?)document.Cells[2].Outputs[0]!["data"]!["text/plain"]![0]);

        NotebookDocument again = NotebookDocument.Parse(document.ToBytes());
        await NotebookRunner.RunAsync(
            again, new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["epochs"] = "5" } });
        Assert.Equal(3, again.Cells.Count);
        Assert.Equal("// Parameters\nint epochs = 5;", again.Cells[1].Source);
    }

    [Theory]
    [InlineData("epoch", "Did you mean epochs")]
    [InlineData("a b", "not a C# name")]
    [InlineData("x = 1; System.Environment.Exit(0); int y", "not a C# name")]
    public async Task Run_UnknownParameter_IsRefusedBeforeAnythingRuns(string name, string message)
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("parameters"));
        NotebookRunOptions options = new() { Parameters = new Dictionary<string, string> { [name] = "1" } };

        ArgumentException exception =
            await Assert.ThrowsAsync<ArgumentException>(() => NotebookRunner.RunAsync(document, options));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(Fixture.Bytes("parameters"), document.ToBytes());
    }

    // Everything that could differ between two runs: display ids, batches of the console, live updates, progress lines.
    [Fact]
    public async Task Run_LiveOutputsTwice_GivesTheSameBytes()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("""
            var shown = display("0 %");
            var later = display("waiting");
            """);
        document.AddCode("""
            for (int i = 1; i <= 20; i++)
            {
                shown.Update($"{5 * i} %");
                Console.Write($"\rstep {i}");
                if (i % 5 == 0) { Console.Error.Write("."); await Task.Delay(50); }
            }
            Console.WriteLine();
            for (int i = 0; i < 2000; i++) { Console.WriteLine($"line {i}"); }
            later.Update("done");
            """);
        await NotebookRunner.RunAsync(document);
        byte[] first = document.ToBytes();

        NotebookDocument again = NotebookDocument.Parse(first);
        NotebookRunResult result = await NotebookRunner.RunAsync(again);

        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Equal(first, again.ToBytes());
        Assert.Equal(
            ["100 %", "done"], again.Cells[0].Outputs.Select(output => (string?)output!["data"]!["text/plain"]![0]));
        Assert.StartsWith("step 5", (string?)again.Cells[1].Outputs[0]!["text"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ErrorsAllowed_GoesOnAndReportsEach()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("throw new Exception(\"one\");");
        NotebookCell between = document.AddCode("\"between\"");
        document.AddCode("int x = \"two\";");

        NotebookRunResult result =
            await NotebookRunner.RunAsync(document, new NotebookRunOptions { AllowErrors = true });

        Assert.Equal([(1, "System.Exception"), (3, "CompilationError")],
            result.Failures.Select(failure => (failure.Cell, failure.Error.Name)));
        Assert.Equal(3, result.CellsRun);
        Assert.Single(between.Outputs);
    }

    [Fact]
    public async Task Run_CellTaggedRaisesException_MayFail()
    {
        NotebookDocument document = NotebookDocument.Create();
        NotebookCell failing = document.AddCode("throw new Exception(\"shown\");", null, "raises-exception");
        document.AddCode("throw new Exception(\"skipped\");", null, "skip-execution");
        NotebookCell last = document.AddCode("1");

        NotebookRunResult result = await NotebookRunner.RunAsync(document);

        Assert.True(result.Succeeded);
        Assert.Equal("error", (string?)failing.Outputs[0]!["output_type"]);
        Assert.Equal(2, last.ExecutionCount);
    }

    [Fact]
    public async Task Run_OutputOfBackgroundWork_GoesToTheCellThatStartedIt()
    {
        NotebookDocument document = NotebookDocument.Create();
        NotebookCell starts = document.AddCode("""
            var released = new TaskCompletionSource();
            var work = Task.Run(async () => { await released.Task; Console.WriteLine("from the first cell"); });
            """);
        NotebookCell waits = document.AddCode("released.SetResult();\nawait work;\nConsole.WriteLine(\"here\");");

        Assert.True((await NotebookRunner.RunAsync(document)).Succeeded);

        Assert.Equal("from the first cell\n", (string?)Assert.Single(starts.Outputs)!["text"]![0]);
        Assert.Equal("here\n", (string?)Assert.Single(waits.Outputs)!["text"]![0]);
    }

    [Fact]
    public async Task Run_BackgroundWorkThatOutlivesTheRun_DoesNotDisturbTheDocument()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("var timer = new System.Threading.Timer(_ => Console.WriteLine(\"tick\"), null, 0, 1);");
        Assert.True((await NotebookRunner.RunAsync(document)).Succeeded);

        byte[] first = document.ToBytes();
        await Task.Delay(100);

        Assert.Equal(first, document.ToBytes());
    }

    [Fact]
    public async Task Run_NotebookOfAnotherLanguage_IsRefusedByName()
    {
        NotebookDocument python = NotebookDocument.Parse(Fixture.Bytes("foreign"));

        NotebookLanguageException refused = await Assert.ThrowsAsync<NotebookLanguageException>(
            () => NotebookRunner.RunAsync(python));

        Assert.Contains("python", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NotebookInsideNotebook_Nests()
    {
        using TemporaryFolder folder = new();
        NotebookDocument inner = NotebookDocument.Create();
        inner.AddCode("Environment.CurrentDirectory");
        inner.Save(folder.File("sub/inner.ipynb"));
        NotebookDocument outer = NotebookDocument.Create();
        outer.AddCode("""
            #r "Research.Scripting"
            using Research.Scripting.Notebooks;
            var inner = NotebookDocument.Load("sub/inner.ipynb");
            var result = await NotebookRunner.RunAsync(inner, new NotebookRunOptions { Folder = "sub" });
            """);
        NotebookCell after = outer.AddCode("$\"{result.Succeeded} {Path.GetFileName(Environment.CurrentDirectory)}\"");

        NotebookRunResult run = await NotebookRunner.RunAsync(outer, new NotebookRunOptions { Folder = folder.Path });

        Assert.True(run.Succeeded, run.Error?.Message);
        Assert.Equal(
            $"True {Path.GetFileName(folder.Path)}", (string?)after.Outputs[0]!["data"]!["text/plain"]![0]);
    }

    private static string WithoutStreams(byte[] notebook)
    {
        JsonNode root = JsonNode.Parse(notebook)!;
        root["cells"]![2]!["outputs"] = new JsonArray();
        return System.Text.Encoding.UTF8.GetString(JupyterJson.Write(root));
    }

    private sealed class Recorder(List<NotebookProgress> steps, Action<NotebookProgress>? also = null)
        : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value)
        {
            steps.Add(value);
            also?.Invoke(value);
        }
    }
}
