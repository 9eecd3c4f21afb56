using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Research.Scripting.Packages;

/// <summary>Fetches packages by writing a small project and running the SDK's own <c>dotnet restore</c>.</summary>
/// <remarks>
/// So the user's feeds, credentials and caches apply as in any build. A restore is cached per user under the hash of its
/// project: a second run reads one file, and works offline. Versions are pinned by that cache until it is deleted, but
/// for this repository's own packages, which every build makes anew. It is
/// made in a folder of its own, which takes its place in the cache when it is whole: one that fails or is interrupted
/// leaves nothing.
/// </remarks>
internal static partial class PackageRestore
{
    private const string Finished = "restored";
    private const string Unfinished = ".restoring";

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
    /// <returns>The packages, or why there are none.</returns>
    public static async Task<(RestoredPackages? Packages, RestoreFailure? Failure)> RunAsync(
        IReadOnlyCollection<PackageRequest> requests,
        IReadOnlyCollection<PackageSource> sources,
        string folder,
        CancellationToken cancellationToken)
    {
        string project = ProjectFile(requests, sources, folder);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..32];
        string cache = Path.Combine(CacheFolder, hash);
        if (!requests.Any(HostPackages.IsOfTheFamily) && TryRead(cache) is { } cached)
        {
            return (cached, null);
        }

        DeleteAbandoned();
        string making = Path.Combine(CacheFolder, $"{hash}.{Guid.NewGuid():N}{Unfinished}");
        try
        {
            Directory.CreateDirectory(making);
            string projectPath = Path.Combine(making, "packages.csproj");
            await File.WriteAllTextAsync(projectPath, project, cancellationToken).ConfigureAwait(false);
            if (await RestoreAsync(projectPath, sources, folder, cancellationToken).ConfigureAwait(false)
                is { } failure)
            {
                return (null, failure);
            }

            RestoredPackages restored = PackageAssets.Read(AssetsIn(making));
            await File.WriteAllTextAsync(Path.Combine(making, Finished), "", cancellationToken).ConfigureAwait(false);
            Keep(making, cache);
            return (restored, null);
        }
        finally
        {
            if (Directory.Exists(making))
            {
                Directory.Delete(making, recursive: true);
            }
        }
    }

    // What a process left that was killed in the middle.
    private static void DeleteAbandoned()
    {
        DateTimeOffset yesterday = TimeProvider.System.GetUtcNow().AddDays(-1);
        try
        {
            foreach (DirectoryInfo abandoned in Directory.CreateDirectory(CacheFolder)
                .EnumerateDirectories($"*{Unfinished}").Where(folder => folder.LastWriteTimeUtc < yesterday))
            {
                abandoned.Delete(recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // Another process deletes the same ones.
        }
    }

    private static string AssetsIn(string folder) => Path.Combine(folder, "obj", "project.assets.json");

    // Another session may have made the same one meanwhile: then either will do.
    private static void Keep(string making, string cache)
    {
        try
        {
            if (Directory.Exists(cache))
            {
                Directory.Delete(cache, recursive: true);
            }

            Directory.Move(making, cache);
        }
        catch (IOException) when (Directory.Exists(cache))
        {
            return;
        }
    }

    // A package folder may have been emptied since: then restore again.
    private static RestoredPackages? TryRead(string cache)
    {
        try
        {
            return File.Exists(Path.Combine(cache, Finished)) ? PackageAssets.Read(AssetsIn(cache)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string ProjectFile(
        IReadOnlyCollection<PackageRequest> requests, IReadOnlyCollection<PackageSource> sources, string folder)
    {
        string references = string.Concat(requests
            .OrderBy(request => request.Id, StringComparer.OrdinalIgnoreCase)
            .Select(request =>
                $"""    <PackageReference Include="{request.Id}" Version="{request.Version}" />{'\n'}"""));
        string feeds = SecurityElement.Escape(string.Join(';', sources.Select(source => Escaped(source.Location))))!;
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.{Environment.Version.Minor}</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
                <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <RestoreRootConfigDirectory>{SecurityElement.Escape(Escaped(folder))}</RestoreRootConfigDirectory>
                <RestoreAdditionalProjectSources>{feeds}</RestoreAdditionalProjectSources>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
            {references.TrimEnd('\n')}
              </ItemGroup>
            </Project>

            """;
    }

    // MSBuild's own escapes: a path may have any of these, and none is meant as code.
    private static string Escaped(string text) => string.Concat(text.Select(
        character => "%$@'();?*".Contains(character, StringComparison.Ordinal) ? $"%{(int)character:X2}" : $"{character}"));

    private static async Task<RestoreFailure?> RestoreAsync(
        string projectPath,
        IReadOnlyCollection<PackageSource> sources,
        string sessionFolder,
        CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(projectPath)!;
        (int exitCode, string text) = await DotnetSdk.RunAsync(
            folder,
            ["restore", projectPath, "--nologo", "-v", "minimal", "-p:ImportDirectoryBuildProps=false",
                "-p:ImportDirectoryPackagesProps=false", "-p:ImportDirectoryBuildTargets=false", "-nodeReuse:false"],
            cancellationToken).ConfigureAwait(false);
        if (exitCode == 0)
        {
            return null;
        }

        return PackageAssets.ReadFailure(AssetsIn(folder)) ?? Breakdown(
            DotnetSdk.ErrorsIn(text, projectPath),
            await BrokenPackages.FindAsync(sources, sessionFolder, cancellationToken).ConfigureAwait(false));
    }

    // A broken file makes NuGet itself fail, with MSBuild's place before each line and mostly without the file's name.
    private static RestoreFailure Breakdown(string errors, IReadOnlyList<string> broken)
    {
        string said = string.Join(' ', errors.Split('\n').Select(line => Place().Replace(line, "").Trim()));
        return new RestoreFailure(
            [
                new RestoreProblem("", null, broken.Count == 0 ? said
                    : $"Not a package that can be read (a zip file is expected): {string.Join(", ", broken)}. NuGet says: {said}"),
            ],
            new Dictionary<string, PackageVersion>());
    }

    [GeneratedRegex(@"^.*?: error *[A-Z]*\d* *:|\[[^\[\]]*\.csproj\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
