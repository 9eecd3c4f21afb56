using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Research.Chain;

/// <summary>Finds anvil, Foundry's development node, or installs it from npm into a folder of the user's.</summary>
internal static class AnvilBinary
{
    private const string Version = "1.7.1"; // The same as in contracts/package.json; a test compares them.

    private static readonly string PackageSpecification = $"@foundry-rs/anvil@{Version}";

    private static string FileName => OperatingSystem.IsWindows() ? "anvil.exe" : "anvil";

    /// <summary>Gets the native program's place below a folder that npm installed into.</summary>
    private static string PathInNodeModules
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

            // There is no package for Windows on ARM; it runs the other one.
            bool isArm = RuntimeInformation.OSArchitecture == Architecture.Arm64 && !OperatingSystem.IsWindows();
            return Path.Combine("@foundry-rs", $"anvil-{system}-{(isArm ? "arm64" : "amd64")}", "bin", FileName);
        }
    }

    public static async Task<string> FindOrInstallAsync(
        IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string installed = Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "research", $"anvil-{Version}");
        return FromEnvironment()
            ?? FromPath(Environment.GetEnvironmentVariable("PATH") ?? "")
            ?? Upwards(Environment.CurrentDirectory)
            ?? Upwards(AppContext.BaseDirectory)
            ?? Existing(Path.Combine(installed, "node_modules", PathInNodeModules))
            ?? await InstallAsync(installed, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks along a PATH; npm's launcher scripts are followed to the native program they start.</summary>
    internal static string? FromPath(string path)
    {
        foreach (string folder in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string? candidate = Existing(Path.Combine(folder, FileName));
            if (candidate is null)
            {
                continue;
            }

            // node_modules/.bin/anvil leads to node_modules/@foundry-rs/anvil/bin.mjs: a Node process around the real
            // one.
            string target = File.ResolveLinkTarget(candidate, returnFinalTarget: true)?.FullName ?? candidate;
            if (!target.EndsWith(".mjs", StringComparison.Ordinal))
            {
                return candidate;
            }

            string nodeModules = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(target)!, "..", ".."));
            string nested = Path.Combine(Path.GetDirectoryName(target)!, "node_modules");
            string? native = Existing(Path.Combine(nodeModules, PathInNodeModules))
                ?? Existing(Path.Combine(nested, PathInNodeModules));
            if (native is not null)
            {
                return native;
            }
        }

        return null;
    }

    /// <summary>Installs the pinned package below <paramref name="folder"/>, whole or not at all.</summary>
    internal static async Task<string> InstallAsync(
        string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string npm = FindNpm(Environment.GetEnvironmentVariable("PATH") ?? "");
        progress?.Report($"Installing {PackageSpecification} from npm into {folder} (once)");
        string parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        string staging = Path.Combine(parent, $".installing-{Guid.NewGuid():N}");
        try
        {
            await RunNpmAsync(npm, staging, cancellationToken).ConfigureAwait(false);
            string built = Path.Combine(staging, "node_modules", PathInNodeModules);
            if (!File.Exists(built))
            {
                throw new DevChainException(
                    $"{PackageSpecification} has no program for this system: {built} is missing.");
            }

            MoveIntoPlace(staging, folder);
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }

        progress?.Report($"Installed {PackageSpecification}");
        return Path.Combine(folder, "node_modules", PathInNodeModules);
    }

    internal static string FindNpm(string path)
    {
        string name = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
            ?? throw new DevChainException(
                "Node 20 or later with npm is needed and was not found on PATH: "
                + "install Node, or set RESEARCH_ANVIL to an anvil program.\n"
                + "Why: the local Ethereum chain is Foundry's anvil, "
                + $"which is installed once from npm ({PackageSpecification}).");
    }

    private static async Task RunNpmAsync(string npm, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        ProcessStartInfo start = new(npm)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (string argument in (string[])
            ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, PackageSpecification])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new DevChainException($"{npm} did not start.");
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            string errors = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                string tail = errors.Length > 2000 ? errors[^2000..] : errors;
                throw new DevChainException(
                    $"npm could not install {PackageSpecification}, the local Ethereum chain "
                    + $"(exit {process.ExitCode}):\n{tail.Trim()}");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static void MoveIntoPlace(string staging, string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true); // A leftover without the program, or we would not be here.
            }

            Directory.Move(staging, folder);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, "node_modules", PathInNodeModules)))
        {
            return; // Another process installed the same at the same moment.
        }
    }

    private static string? FromEnvironment()
    {
        string? path = Environment.GetEnvironmentVariable("RESEARCH_ANVIL");
        return string.IsNullOrEmpty(path)
            ? null
            : Existing(path) ?? throw new DevChainException($"RESEARCH_ANVIL names {path}, which does not exist.");
    }

    private static string? Upwards(string folder)
    {
        for (string? current = Path.GetFullPath(folder); current is not null; current = Path.GetDirectoryName(current))
        {
            string? found = Existing(Path.Combine(current, "contracts", "node_modules", PathInNodeModules));
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
