namespace Research.Tests;

/// <summary>A folder of its own for a test, deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-cli-");

    public string Path => _folder.FullName;

    /// <summary>Gets the names of all files in it, sorted; ledgers' lock files, which stay, left out.</summary>
    public string[] Files =>
    [
        .. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Path, file))
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
