using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Research.Cli;

namespace Research.Tests;

/// <summary>Runs <c>research</c> in this process, or as a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>No verdict: only so that a process that would run for ever is stopped.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(20);

    public static Task<CommandLineResult> RunAsync(params string[] arguments) =>
        RunAsync(Program.CreateRoot(), arguments);

    public static async Task<CommandLineResult> RunAsync(RootCommand root, params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using StringWriter error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int exitCode = await CommandRunner.RunAsync(root, arguments, output, error);
        return new CommandLineResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Starts <c>dotnet research.dll</c> with a home of its own, so that no test touches the user's ledgers.
    /// </summary>
    public static Process Start(string home, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "research.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_DATA_HOME"] = home;
        start.Environment["LOCALAPPDATA"] = home;
        start.Environment["HOME"] = home;
        return Process.Start(start)!;
    }

    public static async Task<CommandLineResult> FinishAsync(Process process)
    {
        using CancellationTokenSource patience = new(LongestRun);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandLineResult(process.ExitCode, await output, await error);
    }
}
