using Research.Scripting.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Notebooks;

/// <summary>The notebooks and scripts that the repository ships.</summary>
internal static class RepositoryNotebook
{
    public static string Folder { get; } = Path.Combine(ExternalTool.RepositoryRoot, "notebooks");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    public static string PathOf(string name) => Path.Combine(Folder, $"{name}.ipynb");

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static NotebookDocument Load(string name) => NotebookDocument.Load(PathOf(name));

    /// <summary>Runs a notebook on a fresh session, in a copy of its folder, and gives what would be stored.</summary>
    public static async Task<byte[]> RunAsync(string name)
    {
        using TemporaryFolder folder = new();
        string copy = folder.File($"notebooks/{name}.ipynb");
        File.Copy(PathOf(name), copy);
        NotebookDocument document = NotebookDocument.Load(copy);
        NotebookRunResult result = await NotebookRunner.RunAsync(
            document, new NotebookRunOptions { Folder = Path.GetDirectoryName(copy) });

        Assert.True(
            result.Succeeded,
            $"{name}, cell {result.FailedCell}: {string.Join('\n', result.Error?.Traceback ?? [])}");
        Assert.Equal([copy], Directory.GetFileSystemEntries(Path.GetDirectoryName(copy)!));
        return document.ToBytes();
    }
}
