using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Research.Tests.Tools;

/// <summary>The programs that <c>contracts/package.json</c> pins: forge, anvil, cast and the Node packages.</summary>
/// <remarks>
/// Tests that use these are marked with <c>[RequiresFact("node", "npm")]</c> and call <see cref="EnsureInstalled"/>
/// first.
/// </remarks>
internal static class NodeTools
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(30);
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>Gets the Foundry project's folder.</summary>
    public static string ContractsFolder { get; } = Path.Combine(ExternalTool.RepositoryRoot, "contracts");

    /// <summary>Gets the path of forge for this platform.</summary>
    public static string Forge => Binary("forge");

    /// <summary>Gets the path of anvil for this platform.</summary>
    public static string Anvil => Binary("anvil");

    /// <summary>Gets the path of cast for this platform.</summary>
    public static string Cast => Binary("cast");

    /// <summary>
    /// Installs the pinned packages unless they are there and as new as the lock file; once a process.
    /// </summary>
    /// <exception cref="InvalidOperationException">npm failed; the message carries what it said.</exception>
    /// <exception cref="TimeoutException">Another process held the installation for half an hour.</exception>
    public static void EnsureInstalled() => _ = Installed.Value;

    /// <summary>Runs a program in the contracts' folder to its end.</summary>
    /// <param name="program">A path, or the name of a program on PATH.</param>
    /// <param name="arguments">Its arguments, passed as they are.</param>
    /// <returns>The exit code and both outputs.</returns>
    /// <exception cref="TimeoutException">It ran for half an hour and was stopped.</exception>
    public static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        string path = Path.IsPathRooted(program) ? program : ExternalTool.Find(program)
            ?? throw new InvalidOperationException($"{program} is not on PATH.");
        ProcessStartInfo start = new(path, arguments)
        {
            WorkingDirectory = ContractsFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (OperatingSystem.IsWindows())
        {
            start.Environment["FOUNDRY_SOLC"] = "./solc.cmd"; // A script needs a shell there; see foundry.toml.
        }

        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{path} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LongestRun))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{path} {string.Join(' ', arguments)} ran for {LongestRun}.");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string Binary(string tool)
    {
        string system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        string processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        string file = OperatingSystem.IsWindows() ? tool + ".exe" : tool;
        return Path.Combine(
            ContractsFolder, "node_modules", "@foundry-rs", $"{tool}-{system}-{processor}", "bin", file);
    }

    private static bool Install()
    {
        using FileStream held = HoldLock(); // Test assemblies run side by side, and `npm ci` deletes before it writes.
        string wanted = Path.Combine(ContractsFolder, "package-lock.json");
        string installed = Path.Combine(ContractsFolder, "node_modules", ".package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(wanted))
        {
            return true;
        }

        (int exitCode, string output, string error) = Run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (exitCode != 0)
        {
            throw new InvalidOperationException(
                $"npm ci in {ContractsFolder} exited with {exitCode}:\n{output}{error}");
        }

        File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        return true;
    }

    private static FileStream HoldLock()
    {
        string folder = Path.Combine(ExternalTool.RepositoryRoot, ".artifacts");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "node-tools.lock");
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < LongestRun)
            {
                Thread.Sleep(200);
            }
            catch (IOException exception)
            {
                throw new TimeoutException($"{path} was held for {LongestRun}.", exception);
            }
        }
    }
}
