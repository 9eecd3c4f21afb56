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
        (int exitCode, string text) = await DotnetSdk.RunAsync(
            Path.GetDirectoryName(projectPath)!,
            ["restore", projectPath, "--nologo", "-v", "minimal", "-p:ImportDirectoryBuildProps=false",
                "-p:ImportDirectoryPackagesProps=false", "-p:ImportDirectoryBuildTargets=false", "-nodeReuse:false"],
            cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            string names = string.Join(", ", requests.Select(request => $"{request.Id} {request.Version}"));
            throw new DirectiveException($"Could not restore {names}. The answer of dotnet restore:\n" +
                DotnetSdk.ErrorsIn(text, projectPath));
        }
    }
}
