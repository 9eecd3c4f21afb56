using System.Runtime.InteropServices;
using System.Text.Json;

namespace Research.Scripting.Packages;

/// <summary>Reads the part of <c>project.assets.json</c> (NuGet's lock of a restore) that loading needs.</summary>
internal static class PackageAssets
{
    /// <summary>Reads a restore that succeeded.</summary>
    public static RestoredPackages Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        string[] folders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        JsonElement libraries = root.GetProperty("libraries");
        List<RestoredPackage> packages = [];
        HashSet<string> frameworks = new(StringComparer.Ordinal);
        foreach (JsonProperty library in Target(root).EnumerateObject())
        {
            if (library.Value.TryGetProperty("frameworkReferences", out JsonElement needed))
            {
                frameworks.UnionWith(needed.EnumerateArray().Select(framework => framework.GetString()!));
            }

            if (library.Value.GetProperty("type").GetString() == "package")
            {
                packages.Add(ReadPackage(library, libraries.GetProperty(library.Name), folders));
            }
        }

        frameworks.UnionWith(ProjectFrameworks(root));
        return new RestoredPackages(
            packages, frameworks, [.. Problems(root).Where(problem => problem.Code == RestoreProblem.Foreign)]);
    }

    /// <summary>Reads why a restore failed; null where NuGet broke down before it could write that.</summary>
    public static RestoreFailure? ReadFailure(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        RestoreProblem[] problems = [.. Problems(root).Where(problem => problem.Code != RestoreProblem.Foreign)];
        Dictionary<string, PackageVersion> needed = new(StringComparer.OrdinalIgnoreCase);
        foreach (string id in problems.Where(problem => problem is { Code: RestoreProblem.Downgrade, Package: not null })
            .Select(problem => problem.Package!))
        {
            if (LowestThatAllTake(root, id) is { } version)
            {
                needed[id] = version;
            }
        }

        return problems.Length == 0 ? null : new RestoreFailure(problems, needed);
    }

    // "net10.0/linux-x64" has this machine's runtime assets chosen; it is longer than plain "net10.0".
    private static JsonElement Target(JsonElement root) => root.GetProperty("targets").EnumerateObject()
        .OrderBy(property => property.Name.Length).Last().Value;

    private static IEnumerable<RestoreProblem> Problems(JsonElement root) =>
        !root.TryGetProperty("logs", out JsonElement logs) ? [] : logs.EnumerateArray().Select(log => new RestoreProblem(
            log.GetProperty("code").GetString() ?? "",
            log.TryGetProperty("libraryId", out JsonElement id) ? id.GetString() : null,
            log.GetProperty("message").GetString()!.Replace("Warning As Error: ", "", StringComparison.Ordinal)));

    private static PackageVersion? LowestThatAllTake(JsonElement root, string id) => Target(root).EnumerateObject()
        .Select(library => library.Value.TryGetProperty("dependencies", out JsonElement needs)
            ? needs.EnumerateObject().FirstOrDefault(need => need.Name.Equals(id, StringComparison.OrdinalIgnoreCase)).Value
            : default)
        .Where(need => need.ValueKind == JsonValueKind.String)
        .Select(need => PackageVersionRange.Parse(need.GetString()!)?.Lowest)
        .Max();

    private static IEnumerable<string> ProjectFrameworks(JsonElement root) =>
        from target in root.GetProperty("project").GetProperty("frameworks").EnumerateObject()
        where target.Value.TryGetProperty("frameworkReferences", out _)
        from framework in target.Value.GetProperty("frameworkReferences").EnumerateObject()
        select framework.Name;

    private static RestoredPackage ReadPackage(JsonProperty library, JsonElement content, string[] folders)
    {
        string[] name = library.Name.Split('/');
        string folder = content.GetProperty("path").GetString()!;
        List<string> runtime = [.. Collect(library.Value, "runtime", folders, folder)];
        List<string> native = [.. Collect(library.Value, "native", folders, folder)];
        CollectForMachine(library.Value, folders, folder, runtime, native);
        bool hasExtension = content.TryGetProperty("files", out JsonElement files) && files.EnumerateArray().Any(
            file => file.GetString()!.StartsWith(KernelExtensions.Folder, StringComparison.OrdinalIgnoreCase));
        return new RestoredPackage(
            name[0], name[1], [.. Collect(library.Value, "compile", folders, folder)], runtime, native, hasExtension);
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
                kind.Where(asset => asset.Value.GetProperty("rid").GetString() == best && !IsEmptyMark(asset.Name))
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

    private static IEnumerable<string> Collect(
        JsonElement library, string kind, string[] folders, string packageFolder) =>
        !library.TryGetProperty(kind, out JsonElement assets) ? [] : assets.EnumerateObject()
            .Where(asset => !IsEmptyMark(asset.Name))
            .Select(asset => Find(folders, packageFolder, asset.Name));

    private static bool IsEmptyMark(string asset) => asset.EndsWith("/_._", StringComparison.Ordinal);

    private static string Find(string[] folders, string packageFolder, string asset) =>
        folders.Select(folder => Path.Combine(folder, packageFolder, asset)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"The restore lists {asset} of {packageFolder}, but no package folder has it.");
}
