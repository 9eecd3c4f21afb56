using System.Globalization;
using Research.Cli.Repl;
using Research.Scripting;
using Research.Tests.Tools;

namespace Research.Tests.Repl;

public sealed class ReplLoopTests
{
    [Fact]
    public async Task Run_Entries_KeepStateAndShowValues() => Assert.Equal(
        ("1\n2\n42\n", ""),
        await RunAsync("int x = 20;\nforeach (int i in new[] { 1, 2 })\n{\n    Console.WriteLine(i);\n}\nx * 2 + 2\n"));

    [Fact]
    public async Task Run_FailingEntry_GoesOn()
    {
        (string output, string error) = await RunAsync("throw new Exception(\"no\");\n1 +* 2\n3\n");

        Assert.Equal("3\n", output);
        Assert.Contains("System.Exception: no", error, StringComparison.Ordinal);
        Assert.Contains("entry 2(1,", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Reset_ForgetsEverything()
    {
        (_, string error) = await RunAsync("int x = 1;\n#reset\nx\n");

        Assert.Contains("CS0103", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Exit_ReadsNoFurther() => Assert.Equal(("", ""), await RunAsync("#exit\n1\n"));

    [Fact]
    public async Task Run_OutputWithoutLineEnd_IsEndedBeforeTheValue() =>
        Assert.Equal(("a\n5\n", ""), await RunAsync("Console.Write(\"a\"); 5\n"));

    [Fact]
    public async Task Run_HalfAnEntryAtTheEnd_ShowsItsError() =>
        Assert.Contains("error CS", (await RunAsync("foo(\n")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Run_Arguments_AreArgs() =>
        Assert.Equal(("two\n", ""), await RunAsync("Args[1]\n", "one", "two"));

    [Fact]
    public async Task Run_Interrupted_KeepsTheState()
    {
        using CellSignal signal = new();
        Action? interrupt = null;
        Task<(string Output, string Error)> running = RunAsync(
            $"int x = 7;\n_ = {signal.Give}; while (true) {{ }}\nx\n",
            stop =>
            {
                interrupt = stop; // Of the entry that runs.
                return new MemoryStream();
            });
        await signal.WaitAsync(running);
        interrupt!();
        (string output, string error) = await running;

        Assert.Equal("7\n", output);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
    }

    private static Task<(string Output, string Error)> RunAsync(string input, params string[] arguments) =>
        RunAsync(input, static _ => new MemoryStream(), arguments);

    private static async Task<(string Output, string Error)> RunAsync(
        string input, Func<Action, IDisposable> interrupts, params string[] arguments)
    {
        using StringReader reader = new(input);
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using StringWriter error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        ReplLoop loop = new(
            new PipedEntries(reader),
            new ReplPrinter(output, error, isColoured: false),
            new ScriptSessionOptions { Arguments = arguments, BatchStreams = false },
            interrupts);
        await loop.RunAsync(null, CancellationToken.None);
        return (output.ToString(), error.ToString());
    }
}
