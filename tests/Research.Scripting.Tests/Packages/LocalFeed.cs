using System.IO.Compression;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Research.Tests.Packages;

/// <summary>A folder of tiny packages and a <c>nuget.config</c> that knows no other feed and no other cache.</summary>
internal sealed class LocalFeed
{
    public const string FolderName = "feed";

    private readonly TemporaryFolder _folder;
    private readonly Dictionary<string, MetadataReference> _packed = new(StringComparer.Ordinal);

    /// <param name="folder">The session's folder; the feed is in it.</param>
    /// <param name="isSource">Whether <c>nuget.config</c> names the feed; else a cell must.</param>
    public LocalFeed(TemporaryFolder folder, bool isSource = true)
    {
        _folder = folder;
        Directory.CreateDirectory(folder.File(FolderName));
        string source = isSource ? $"<add key=\"local\" value=\"{FolderName}\" />" : "";
        folder.File(
            "nuget.config",
            "<configuration><config><add key=\"globalPackagesFolder\" value=\"packages\" /></config>" +
            $"<packageSources><clear />{source}</packageSources></configuration>");
    }

    /// <summary>Compiles and packs an assembly of the package's name and version.</summary>
    /// <param name="id">The package.</param>
    /// <param name="version">Three numbers.</param>
    /// <param name="code">C#.</param>
    /// <param name="needs">What it depends on: packed before, by id and version.</param>
    public void Pack(string id, string version, string code, params (string Id, string Version)[] needs) =>
        PackFiles(
            id, version, needs, ($"lib/net10.0/{id}.dll", Compile(id, version, code, needs)));

    /// <summary>Packs files as they are.</summary>
    public string PackFiles(
        string id, string version, (string Id, string Version)[] needs, params (string Path, byte[] Content)[] files)
    {
        string dependencies = string.Concat(
            needs.Select(need => $"<dependency id=\"{need.Id}\" version=\"{need.Version}\" />"));
        string nuspec = "<package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata>" +
            $"<id>{id}</id><version>{version}</version><authors>tests</authors><description>tests</description>" +
            $"<dependencies><group targetFramework=\"net10.0\">{dependencies}</group></dependencies>" +
            "</metadata></package>";
        string path = _folder.File($"{FolderName}/{id}.{version}.nupkg");
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in files.Prepend(($"{id}.nuspec", Encoding.UTF8.GetBytes(nuspec))))
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }

        return path;
    }

    /// <summary>Compiles an assembly against the framework and what was packed before.</summary>
    public byte[] Compile(string id, string version, string code, params (string Id, string Version)[] needs)
    {
        byte[] image = TinyAssembly.Compile(
            id, version, code, [.. needs.Select(need => _packed[$"{need.Id} {need.Version}"])]);
        _packed[$"{id} {version}"] = MetadataReference.CreateFromImage(image);
        return image;
    }
}
