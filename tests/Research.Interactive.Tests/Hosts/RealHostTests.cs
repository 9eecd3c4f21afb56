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

    [RequiresFeedFact(Python, Client, Tool)]
    public Task DotnetInteractive_LiveOutputsFiguresAndMagics_ArriveAsTheyShould() => RunAsync(
        ExternalTool.Find(Tool)!, "jupyter", "--default-kernel", "csharp", "--http-local-only", "{connection_file}");

    [RequiresFact(Python, Client)]
    public Task OwnKernel_LiveOutputsFiguresAndMagics_ArriveAsTheyShould() => RunAsync(
        "dotnet", OwnKernel(), "kernel", "run", "--connection-file", "{connection_file}");

    // Built with these tests, in the folder beside theirs; it has the library itself and asks no feed.
    private static string OwnKernel() => Path.GetFullPath(
        Path.Combine("..", "..", "Research.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "research.dll"),
        AppContext.BaseDirectory);

    private static async Task RunAsync(params string[] command)
    {
        string root = ExternalTool.RepositoryRoot;
        string client = Path.Combine(root, "tests", "Research.Interactive.Tests", "Hosts", "live_client.py");
        ProcessStartInfo start = new(Python, ["-B", client, Path.Combine(root, "notebooks"), .. command]);
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";

        (int exitCode, string output) = await OutsideProgram.RunAsync(start);

        Assert.True(exitCode == 0, output);
    }
}
