using System.Globalization;
using Research.Scripting.Scripts;
using Research.Tests.Tools;

namespace Research.Tests.Scripts;

public sealed class ScriptRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Run_ShebangArgsAndLoad_Work()
    {
        _folder.File("lib/greet.csx", "string Greet(string name) => $\"hello {name}\";");

        int code = await RunAsync(
            "#!/usr/bin/env -S research script\n#load \"lib/greet.csx\"\nConsole.WriteLine(Greet(Args[0]));", "world");

        Assert.Equal((0, "hello world\n", ""), (code, _output.ToString(), _error.ToString()));
    }

    [Theory]
    [InlineData("return 3;", 3)]
    [InlineData("if (Args.Count == 0) return 4; Console.WriteLine();", 4)]
    [InlineData("Environment.ExitCode = 5;", 5)]
    [InlineData("await Task.Delay(1); return 6;", 6)]
    [InlineData("int x = 1;", 0)]
    [InlineData("\"text\"", 0)]
    public async Task Run_ExitCode_IsWhatTheScriptSays(string code, int expected)
    {
        Assert.Equal(expected, await RunAsync(code));
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task Run_Exception_IsExitCode1WithTheUsersOwnLine()
    {
        int code = await RunAsync("Console.WriteLine(\"before\");\n\nthrow new InvalidOperationException(\"broken\");");

        Assert.Equal((1, "before\n"), (code, _output.ToString()));
        Assert.Equal(
            "System.InvalidOperationException: broken\n" +
            "   at main.csx, line 3: throw new InvalidOperationException(\"broken\");\n",
            _error.ToString());
    }

    [Fact]
    public async Task Run_CompileError_RunsNothing()
    {
        Assert.Equal(1, await RunAsync("Console.WriteLine(\"before\");\nint x = nope;"));

        Assert.Equal("", _output.ToString());
        Assert.StartsWith("main.csx(2,9): error CS0103", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Display_PrintsPlainTextAndStreamsKeepApart()
    {
        Assert.Equal(0, await RunAsync("display(HTML(\"<b>shown</b>\")); Console.Error.Write(\"err\");"));

        Assert.Equal(("shown\n", "err"), (_output.ToString(), _error.ToString()));
    }

    [Fact]
    public async Task Run_CallerFilePath_IsTheScript()
    {
        await RunAsync("""
            string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
            Console.Write(Here());
            """);

        Assert.Equal(Path.Combine(_folder.Path, "main.csx"), _output.ToString());
    }

    [Fact]
    public async Task Run_MissingScript_SaysSo()
    {
        int code = await ScriptRunner.RunAsync(_folder.File("gone.csx"), [], _output, _error);

        Assert.Equal(1, code);
        Assert.StartsWith(
            "Cannot read the script " + _folder.File("gone.csx"), _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_Throws()
    {
        using CancellationTokenSource cancel = new();
        using CellSignal signal = new();
        Task<int> running = ScriptRunner.RunAsync(
            _folder.File("loop.csx", $"_ = {signal.Give};\nwhile (true) {{ }}"), [], _output, _error, cancel.Token);
        await signal.WaitAsync(running);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Task<int> RunAsync(string code, params string[] arguments) =>
        ScriptRunner.RunAsync(_folder.File("main.csx", code), arguments, _output, _error);
}
