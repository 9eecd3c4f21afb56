using System.CommandLine;
using Research.Cli;

namespace Research.Tests;

public sealed class CommandRunnerTests
{
    [Fact]
    public async Task RunAsync_Bug_SaysSoWithTheStackTraceAndExits1()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            Throwing(() => new InvalidOperationException("oops")), "fail");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(
            "This is a bug in research, not something you did wrong.", result.Error, StringComparison.Ordinal);
        Assert.Contains("System.InvalidOperationException: oops", result.Error, StringComparison.Ordinal);
        Assert.Contains($"   at {typeof(CommandRunnerTests).FullName}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UserError_PrintsItsMessageAlone()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            Throwing(() => new IOException("The disk is full.")), "fail");

        Assert.Equal(new CommandLineResult(1, "", "The disk is full.\n"), result);
    }

    [Fact]
    public async Task RunAsync_NoVerb_ShowsTheVerbsAndExits2()
    {
        CommandLineResult result = await CommandLine.RunAsync();

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("demo", result.Error, StringComparison.Ordinal);
        Assert.Contains("notebook", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_SaysSoAndExits1() => Assert.Equal(
        new CommandLineResult(1, "", "Cancelled.\n"),
        await CommandLine.RunAsync(Throwing(() => new OperationCanceledException()), "fail"));

    [Fact]
    public async Task RunAsync_MessageThatWouldSteerTheTerminal_IsMadeHarmless() => Assert.Equal(
        new CommandLineResult(1, "", "a\uFFFD[2Jb\n"),
        await CommandLine.RunAsync(Throwing(() => new IOException("a\u001b[2Jb")), "fail"));

    [Fact]
    public async Task RunAsync_CommandException_ExitsWithItsCode() => Assert.Equal(
        new CommandLineResult(2, "", "Not like this.\n"),
        await CommandLine.RunAsync(
            Throwing(() => new CommandException("Not like this.", CommandRunner.WrongUsage)), "fail"));

    [Theory]
    [InlineData("teach")]
    [InlineData("train")]
    [InlineData("ledger")]
    [InlineData("ledger new")]
    [InlineData("account --steps 5 --steps 6")]
    public async Task RunAsync_WrongUsage_Exits2WithAHintAndNoOutput(string line)
    {
        CommandLineResult result = await CommandLine.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Matches("\nTry: research .*--help\n$", result.Error);
    }

    private static RootCommand Throwing(Func<Exception> error)
    {
        Command fail = new("fail");
        fail.SetAction((_, _) => Task.FromException<int>(Thrown(error)));
        return new RootCommand { fail };
    }

    private static Exception Thrown(Func<Exception> error)
    {
        try
        {
            throw error();
        }
        catch (Exception e)
        {
            return e; // With the stack trace that a thrown one has.
        }
    }
}
