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
        }

        return new RestoredPackages(packages, compile, runtime, native);
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
                paths.Add(folders.Select(folder => Path.Combine(folder, packageFolder, asset.Name))
                    .FirstOrDefault(File.Exists)
                    ?? throw new FileNotFoundException(
                        $"The restore lists {asset.Name} of {packageFolder}, but no package folder has it."));
            }
        }
    }
}
