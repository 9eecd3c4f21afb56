using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>Fetches packages by writing a small project and running the SDK's own <c>dotnet restore</c>.</summary>
/// <remarks>
/// So the user's feeds, credentials and caches apply as in any build. A restore is cached per user under the hash of
/// its
/// project: a second run reads one file, and works offline. Versions are pinned by that cache until it is deleted.
/// </remarks>
internal static class PackageRestore
{
    private static string CacheFolder => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "research",
        "packages");

    /// <summary>Restores a set of packages together, so that one version of each is chosen.</summary>
    /// <param name="requests">All packages of the session so far.</param>
    /// <param name="sources">Feeds or folders added by <c>#i</c>.</param>
    /// <param name="folder">Where the search for <c>nuget.config</c> starts.</param>
    /// <param name="cancellationToken">Ends the restore.</param>
    /// <exception cref="DirectiveException">The restore failed; the message has the feed's answer.</exception>
    public static async Task<RestoredPackages> RunAsync(
        IReadOnlyCollection<PackageRequest> requests,
        IReadOnlyCollection<string> sources,
        string folder,
        CancellationToken cancellationToken)
    {
        string project = ProjectFile(requests, sources, folder);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..32];
        string cache = Path.Combine(CacheFolder, hash);
        string assets = Path.Combine(cache, "obj", "project.assets.json");
        string done = Path.Combine(cache, "restored");
        if (File.Exists(done) && TryRead(assets, requests) is { } cached)
        {
            return cached;
        }

        Directory.CreateDirectory(cache);
        string projectPath = Path.Combine(cache, "packages.csproj");
        await File.WriteAllTextAsync(projectPath, project, cancellationToken).ConfigureAwait(false);
        await RestoreAsync(projectPath, requests, cancellationToken).ConfigureAwait(false);
        RestoredPackages restored = PackageAssets.Read(assets, requests);
        await File.WriteAllTextAsync(done, "", cancellationToken).ConfigureAwait(false);
        return restored;
    }

    // A package folder may have been emptied since: then restore again.
    private static RestoredPackages? TryRead(string assets, IReadOnlyCollection<PackageRequest> requests)
    {
        try
        {
            return PackageAssets.Read(assets, requests);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string ProjectFile(
        IReadOnlyCollection<PackageRequest> requests, IReadOnlyCollection<string> sources, string folder)
    {
        string references = string.Concat(requests
            .OrderBy(request => request.Id, StringComparer.OrdinalIgnoreCase)
            .Select(request =>
                $"""    <PackageReference Include="{request.Id}" Version="{request.Version}" />{'\n'}"""));
        string feeds = SecurityElement.Escape(string.Join(';', sources))!;
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.{Environment.Version.Minor}</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
                <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <RestoreRootConfigDirectory>{SecurityElement.Escape(folder)}</RestoreRootConfigDirectory>
                <RestoreAdditionalProjectSources>{feeds}</RestoreAdditionalProjectSources>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
            {references.TrimEnd('\n')}
              </ItemGroup>
            </Project>

            """;
    }

    private static async Task RestoreAsync(
        string projectPath, IReadOnlyCollection<PackageRequest> requests, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(DotnetPath())
        {
            WorkingDirectory = Path.GetDirectoryName(projectPath)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])
            ["restore", projectPath, "--nologo", "-v", "minimal", "-p:ImportDirectoryBuildProps=false",
                "-p:ImportDirectoryPackagesProps=false", "-p:ImportDirectoryBuildTargets=false", "-nodeReuse:false"])
        {
            start.ArgumentList.Add(argument);
        }

        // Settings of a build that started us (a test run) must not steer this one.
        foreach (string variable in (string[])
            ["MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "CI"])
        {
            start.Environment.Remove(variable);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)
            ?? throw new DirectiveException("dotnet restore did not start.");
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string text = await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new DirectiveException(Explain(requests, projectPath, text));
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

    private static string Explain(IReadOnlyCollection<PackageRequest> requests, string projectPath, string text)
    {
        string[] answers =
        [
            .. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Replace($"{projectPath} : ", "", StringComparison.Ordinal))
                .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
                .Distinct(),
        ];
        string names = string.Join(", ", requests.Select(request => $"{request.Id} {request.Version}"));
        return $"Could not restore {names}. The answer of dotnet restore:\n" +
            (answers.Length > 0 ? string.Join('\n', answers) : text.Trim());
    }

    private static string DotnetPath()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string root = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..");
        string besideRuntime = Path.GetFullPath(Path.Combine(root, name));
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
            : File.Exists(besideRuntime) ? besideRuntime
            : name;
    }
}
