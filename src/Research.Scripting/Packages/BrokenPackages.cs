using System.IO.Compression;

namespace Research.Scripting.Packages;

/// <summary>Finds the package files that cannot be read, where NuGet broke down and does not say which.</summary>
internal static class BrokenPackages
{
    private const int MaximumFiles = 1000; // Of a folder: more are a feed's copy, and take too long.

    /// <summary>Looks through the folders among the sources.</summary>
    /// <param name="sources">What <c>#i</c> added.</param>
    /// <param name="folder">Where the search for <c>nuget.config</c> starts: it names others.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(
        IReadOnlyCollection<PackageSource> sources, string folder, CancellationToken cancellationToken)
    {
        (_, string listed) = await DotnetSdk.RunAsync(
            folder, ["nuget", "list", "source", "--format", "Short"], cancellationToken).ConfigureAwait(false);
        return
        [
            .. listed.Split('\n', StringSplitOptions.TrimEntries)
                .Where(line => line.StartsWith("E ", StringComparison.Ordinal)) // Enabled.
                .Select(line => line[2..])
                .Concat(sources.Select(source => source.Location))
                .Distinct()
                .Where(Directory.Exists)
                .SelectMany(source => Directory.EnumerateFiles(source, "*.nupkg").Take(MaximumFiles))
                .Where(IsBroken),
        ];
    }

    private static bool IsBroken(string path)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            return zip.Entries.Count == 0;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
