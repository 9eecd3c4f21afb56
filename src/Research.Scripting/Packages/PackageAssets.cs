using System.Runtime.InteropServices;
using System.Text.Json;

namespace Research.Scripting.Packages;

/// <summary>Reads the part of <c>project.assets.json</c> (NuGet's lock of a restore) that loading needs.</summary>
internal static class PackageAssets
{
    public static RestoredPackages Read(string path, IReadOnlyCollection<PackageRequest> requests)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        string[] folders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];

        // "net10.0/linux-x64" has this machine's runtime assets chosen; it sorts after plain "net10.0".
        JsonElement target = root.GetProperty("targets").EnumerateObject()
            .OrderBy(property => property.Name.Length).Last().Value;
        JsonElement libraries = root.GetProperty("libraries");

        List<(string Id, string Version)> packages = [];
        List<string> compile = [];
        List<string> runtime = [];
        List<string> native = [];
        foreach (JsonProperty library in target.EnumerateObject())
        {
            string[] name = library.Name.Split('/');
            if (requests.Any(request => request.Id.Equals(name[0], StringComparison.OrdinalIgnoreCase)))
            {
                packages.Add((name[0], name[1]));
            }

            if (library.Value.GetProperty("type").GetString() != "package")
            {
                continue;
            }

            string folder = libraries.GetProperty(library.Name).GetProperty("path").GetString()!;
            Collect(library.Value, "compile", folders, folder, compile);
            Collect(library.Value, "runtime", folders, folder, runtime);
            Collect(library.Value, "native", folders, folder, native);
            CollectForMachine(library.Value, folders, folder, runtime, native);
        }

        return new RestoredPackages(packages, compile, runtime, native);
    }

    // A restore without a runtime identifier (a user's project) lists the assets of every machine.
    private static void CollectForMachine(
        JsonElement library, string[] folders, string packageFolder, List<string> runtime, List<string> native)
    {
        if (!library.TryGetProperty("runtimeTargets", out JsonElement targets))
        {
            return;
        }

        foreach (IGrouping<string, JsonProperty> kind in targets.EnumerateObject()
            .GroupBy(asset => asset.Value.GetProperty("assetType").GetString() ?? ""))
        {
            string? best = Machines().FirstOrDefault(
                machine => kind.Any(asset => asset.Value.GetProperty("rid").GetString() == machine));
            (kind.Key == "native" ? native : runtime).AddRange(
                kind.Where(asset => asset.Value.GetProperty("rid").GetString() == best)
                    .Select(asset => Find(folders, packageFolder, asset.Name)));
        }
    }

    private static IEnumerable<string> Machines()
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] systems = OperatingSystem.IsWindows() ? ["win"] : OperatingSystem.IsMacOS() ? ["osx", "unix"]
            : ["linux", "unix"];
        return
        [
            RuntimeInformation.RuntimeIdentifier, .. systems.Select(system => $"{system}-{architecture}"), .. systems,
        ];
    }

    private static void Collect(
        JsonElement library, string kind, string[] folders, string packageFolder, List<string> paths)
    {
        if (!library.TryGetProperty(kind, out JsonElement assets))
        {
            return;
        }

        foreach (JsonProperty asset in assets.EnumerateObject())
        {
            if (!asset.Name.EndsWith("/_._", StringComparison.Ordinal))
            {
                paths.Add(Find(folders, packageFolder, asset.Name));
            }
        }
    }

    private static string Find(string[] folders, string packageFolder, string asset) =>
        folders.Select(folder => Path.Combine(folder, packageFolder, asset)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"The restore lists {asset} of {packageFolder}, but no package folder has it.");
}
