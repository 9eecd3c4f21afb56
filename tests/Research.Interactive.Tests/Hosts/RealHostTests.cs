using System.Diagnostics;
using Research.Tests.Tools;

namespace Research.Tests.Hosts;

/// <summary>The same cells in the programs that users have, each driven by Debian's Jupyter client.</summary>
/// <remarks><c>hosts.py</c>, a step of CI, runs every notebook in them.</remarks>
public sealed class RealHostTests
{
    private const string Python = "/usr/bin/python3";
    private const string Client = "/usr/lib/python3/dist-packages/jupyter_client/__init__.py";
    private const string Tool = "dotnet-interactive";

    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(60);

    [RequiresFact(Python, Client, Tool)]
    public Task DotnetInteractive_LiveOutputsFiguresAndMagics_ArriveAsTheyShould() => RunAsync(
        ExternalTool.Find(Tool)!, "jupyter", "--default-kernel", "csharp", "--http-local-only", "{connection_file}");

    [RequiresFact(Python, Client)]
    public Task OwnKernel_LiveOutputsFiguresAndMagics_ArriveAsTheyShould() => RunAsync(
        "dotnet",
        Path.Combine(ExternalTool.RepositoryRoot, ".artifacts", "bin", "Research.Cli", "release", "research.dll"),
        "kernel",
        "run",
        "--connection-file",
        "{connection_file}");

    private static async Task RunAsync(params string[] command)
    {
        string root = ExternalTool.RepositoryRoot;
        Assert.True(
            Directory.Exists(Path.Combine(root, ".artifacts", "packages")),
            "The feed of the notebooks is missing: run dotnet build -c Release first.");
        ProcessStartInfo start = new(
            Python,
            [
                "-B",
                Path.Combine(root, "tests", "Research.Interactive.Tests", "Hosts", "live_client.py"),
                Path.Combine(root, "notebooks"),
                .. command,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(LongestRun);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, await output + await error);
            Assert.EndsWith("ok", (await output).TrimEnd(), StringComparison.Ordinal);
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
