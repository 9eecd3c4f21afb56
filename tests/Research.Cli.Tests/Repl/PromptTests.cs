using System.Diagnostics;
using Research.Tests.Tools;

namespace Research.Tests.Repl;

/// <summary>The prompt as processes see it: in a pseudo terminal, and in a pipe.</summary>
public sealed class PromptTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [PexpectFact]
    public async Task Prompt_InATerminal_BehavesAsAPersonExpects()
    {
        CommandLineResult result = await RunAsync(
            PexpectFactAttribute.Python,
            "",
            Path.Combine(ExternalTool.RepositoryRoot, "tests", "Research.Cli.Tests", "Repl", "prompt_session.py"),
            "dotnet", Path.Combine(AppContext.BaseDirectory, "research.dll"), _home.Path);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("the prompt behaves", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-", "word")]
    [InlineData("-", "word", "--rounds", "3")]
    public async Task Script_FromStandardInput_GetsArgsAndGivesExitCode(params string[] arguments)
    {
        CommandLineResult result = await ResearchAsync(
            "Console.WriteLine(string.Join('|', Args)); return 3;", ["script", .. arguments]);

        Assert.Equal(new CommandLineResult(3, string.Join('|', arguments[1..]) + "\n", ""), result);
    }

    [Fact]
    public async Task Script_NoFileInAPipe_RunsStandardInput() =>
        Assert.Equal(
            new CommandLineResult(0, "hi\n", ""), await ResearchAsync("Console.WriteLine(\"hi\");", ["script"]));

    [Fact]
    public async Task Script_InteractiveInAPipe_WritesNoControlCodes()
    {
        CommandLineResult result = await ResearchAsync("int x = 4;\nx * 2\n", ["script", "-i"]);

        Assert.Equal(new CommandLineResult(0, "8\n", ""), result);
    }

    [Fact]
    public async Task Script_FromStandardInputThatThrows_ExitsWith1AndItsLine()
    {
        CommandLineResult result = await ResearchAsync("int x = 1;\nthrow new Exception(\"no\");", ["script", "-"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("at standard input, line 2", result.Error, StringComparison.Ordinal);
    }

    private Task<CommandLineResult> ResearchAsync(string input, string[] arguments) =>
        RunAsync("dotnet", input, [Path.Combine(AppContext.BaseDirectory, "research.dll"), .. arguments]);

    private async Task<CommandLineResult> RunAsync(string program, string input, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _home.Path;
        start.Environment["XDG_DATA_HOME"] = _home.Path;
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await CommandLine.FinishAsync(process);
    }
}
