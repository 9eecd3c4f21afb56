using System.Collections.Concurrent;

namespace Research.Scripting.Intelligence.Documentation;

/// <summary>Finds the documentation files of an assembly: beside it, and for the framework's in the SDK.</summary>
/// <remarks>
/// The framework's implementation keeps types in other assemblies than its reference does (most are in
/// System.Private.CoreLib), so a member may be in any of the SDK's files; the likely ones are looked at first.
/// </remarks>
internal static class DocumentationFiles
{
    private static readonly ConcurrentDictionary<(string Path, DateTime Written), DocumentationFile?> Known = new();
    private static readonly ConcurrentDictionary<string, string[]> Packs = new(StringComparer.Ordinal);

    /// <summary>Finds a member's XML, or null.</summary>
    /// <param name="id">The member's documentation id.</param>
    /// <param name="assembly">The path of the assembly it is in.</param>
    public static string? Find(string id, string assembly)
    {
        string beside = Path.ChangeExtension(assembly, ".xml");
        if (Read(beside)?.Find(id) is { } found)
        {
            return found;
        }

        string name = Path.GetFileNameWithoutExtension(assembly);
        return Likely(id, name, PackFiles(assembly)).Select(file => Read(file)?.Find(id))
            .FirstOrDefault(xml => xml is not null);
    }

    private static IEnumerable<string> Likely(string id, string name, string[] files)
    {
        string space = id.Length > 2 ? id[2..].Split('(')[0] : "";
        return files.OrderBy(file =>
        {
            string title = Path.GetFileNameWithoutExtension(file);
            return title == name ? 0
                : space.StartsWith(title + ".", StringComparison.Ordinal) ? 2
                : title == "System.Runtime" ? 1
                : 3;
        });
    }

    // {root}/shared/Microsoft.NETCore.App/10.0.1/X.dll has its documentation in
    // {root}/packs/Microsoft.NETCore.App.Ref/10.0.*/ref/net10.0/*.xml.
    private static string[] PackFiles(string assembly)
    {
        string? version = Path.GetDirectoryName(assembly);
        string? framework = Path.GetDirectoryName(version);
        string? shared = Path.GetDirectoryName(framework);
        return shared is null || Path.GetFileName(shared) != "shared"
            ? []
            : Packs.GetOrAdd(version!, _ => FindPack(
                Path.Combine(Path.GetDirectoryName(shared)!, "packs", $"{Path.GetFileName(framework)}.Ref"),
                Path.GetFileName(version)!));
    }

    private static string[] FindPack(string pack, string runtime)
    {
        if (!Directory.Exists(pack) || !Version.TryParse(runtime.Split('-')[0], out Version? wanted))
        {
            return [];
        }

        string? newest = Directory.EnumerateDirectories(pack)
            .Select(folder => (folder, version: Version.TryParse(
                Path.GetFileName(folder).Split('-')[0], out Version? parsed) ? parsed : new Version(0, 0)))
            .OrderByDescending(candidate => candidate.version.Major == wanted.Major)
            .ThenByDescending(candidate => candidate.version)
            .Select(candidate => candidate.folder)
            .FirstOrDefault();
        string? references = newest is null || !Directory.Exists(Path.Combine(newest, "ref"))
            ? null
            : Directory.EnumerateDirectories(Path.Combine(newest, "ref"), "net*").Order(StringComparer.Ordinal)
                .LastOrDefault();
        return references is null ? [] : Directory.GetFiles(references, "*.xml");
    }

    private static DocumentationFile? Read(string path) => File.Exists(path)
        ? Known.GetOrAdd((path, File.GetLastWriteTimeUtc(path)), static key => DocumentationFile.Open(key.Path))
        : null;
}
