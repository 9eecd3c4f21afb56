using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Research.Kernel.Specs;

/// <summary>Compiles the repository's program ahead of time into a folder of the user's, for kernels to start
/// from.</summary>
/// <remarks>
/// Compiled ahead of time, a kernel starts in half the time. The folder is named by its content, so that a kernel that
/// runs from one keeps its files; the repository's own build and lock files are not touched.
/// </remarks>
public static class PublishedKernel
{
    /// <summary>Finds the repository that a program was built in.</summary>
    /// <param name="programFolder">The program's folder.</param>
    /// <returns>Its root, or null when the program is not in one.</returns>
    public static string? RepositoryOf(string programFolder)
    {
        string? folder = Path.GetFullPath(programFolder);
        while (folder is not null && !(File.Exists(Path.Combine(folder, "Research.sln")) &&
            Directory.Exists(Path.Combine(folder, "src", "Research.Cli"))))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }

    /// <summary>Publishes the program.</summary>
    /// <param name="repository">The repository's root.</param>
    /// <param name="target">The folder that holds published programs.</param>
    /// <param name="progress">Gets the build's own lines.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <returns>The published program's folder.</returns>
    /// <exception cref="KernelSpecException">The build fails; its lines say why.</exception>
    public static async Task<string> CreateAsync(
        string repository, string target, TextWriter progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Directory.CreateDirectory(target);
        string work = Path.Combine(target, $"new-{Guid.NewGuid():N}");
        try
        {
            string output = Path.Combine(work, "program");
            await PublishAsync(repository, Path.Combine(work, "build"), output, progress, cancellationToken)
                .ConfigureAwait(false);
            string final = Path.Combine(target, $"{KernelInformation.Version}-{HashOf(output)}");
            if (!Directory.Exists(final))
            {
                Directory.Move(output, final);
            }

            return final;
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    private static async Task PublishAsync(
        string repository, string build, string output, TextWriter progress, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(
            KernelLauncher.Dotnet,
            [
                "publish", Path.Combine(repository, "src", "Research.Cli"), "--configuration", "Release",
                "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "--output", output,
                "--nologo", "-nodeReuse:false", "-p:PublishReadyToRun=true", $"-p:ArtifactsPath={build}",
                "-p:ForOneRuntime=true", "-p:RestoreLockedMode=false", "-p:NuGetAudit=false",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = repository,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(start) ?? throw new KernelSpecException("dotnet did not start.");
        try
        {
            await Task.WhenAll(
                CopyAsync(process.StandardOutput, progress, cancellationToken),
                CopyAsync(process.StandardError, progress, cancellationToken)).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new KernelSpecException(
                $"dotnet publish failed with exit code {process.ExitCode}; --no-publish installs the build as it is.");
        }
    }

    private static async Task CopyAsync(TextReader from, TextWriter to, CancellationToken cancellationToken)
    {
        while (await from.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            await to.WriteLineAsync($"  {line}").ConfigureAwait(false);
        }
    }

    private static string HashOf(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, path) + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()[..6]);
    }
}
