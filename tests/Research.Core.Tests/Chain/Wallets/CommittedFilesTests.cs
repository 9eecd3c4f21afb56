using Research.Chain;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Wallets;

/// <summary>What is committed for people to read, notebooks with their outputs above all, holds no private key.</summary>
public sealed class CommittedFilesTests
{
    private static readonly string[] Folders = ["notebooks", "src", "tests/Fixtures", "contracts"];
    private static readonly string[] Extensions = [".ipynb", ".md", ".html", ".dib", ".csx", ".json", ".svg", ".txt", ".jsonl"];

    [Fact]
    public void NotebooksPagesAndFixtures_HoldNoKeyOfDevelopmentOrTests()
    {
        string[] keys = [.. DevChain.PublicKnowledgeKeys(10).Select(key => key[2..]), KeyHolders.Key];
        string root = ExternalTool.RepositoryRoot;
        EnumerationOptions all = new() { RecurseSubdirectories = true };
        string[] files =
        [
            Path.Combine(root, "README.md"),
            .. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", all))
                .Where(file => Extensions.Contains(Path.GetExtension(file)))
                .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)),
        ];

        Assert.Contains(files, file => file.EndsWith(".ipynb", StringComparison.Ordinal));
        IEnumerable<string> found =
            from file in files
            let text = File.ReadAllText(file)
            where keys.Any(key => text.Contains(key, StringComparison.OrdinalIgnoreCase))
            select Path.GetRelativePath(root, file);
        Assert.Empty(found);
    }
}
