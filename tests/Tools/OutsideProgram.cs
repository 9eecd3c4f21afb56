using System.Diagnostics;

namespace Research.Tests.Tools;

/// <summary>Runs a program that nobody here wrote, to its end.</summary>
internal static class OutsideProgram
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(60);

    /// <summary>Runs it; it ends with the test at the latest.</summary>
    /// <param name="start">What to start; both outputs are redirected here.</param>
    /// <returns>The exit code, and all that it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(LongestRun);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
