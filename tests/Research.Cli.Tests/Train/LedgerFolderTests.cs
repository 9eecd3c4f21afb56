using Research.Cli.Train;

namespace Research.Tests.Train;

public sealed class LedgerFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DataSetName_OneFileWrittenInManyWays_IsOneName()
    {
        string file = _folder.Write("a.csv", "1,0\n");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, file);
        string link = _folder["link.csv"];
        File.CreateSymbolicLink(link, file);

        Assert.Equal("digits", LedgerFolder.DataSetName("digits"));
        Assert.All(
            (string[])[file, relative, Path.Combine(_folder.Path, ".", "a.csv"), link],
            path => Assert.Equal($"csv:{file}", LedgerFolder.DataSetName($"csv:{path}")));
        Assert.Equal(
            LedgerFolder.DataSetName($"mnist:{_folder.Path}"), LedgerFolder.DataSetName($"mnist:{_folder.Path}/"));
    }

    [Fact]
    public void DataSetName_LongPath_StaysWithinALedgersLimitAndApart()
    {
        string longPath = string.Concat(Enumerable.Repeat("/" + new string('a', 100), 3));

        Assert.InRange(LedgerFolder.DataSetName($"csv:{longPath}").Length, 1, 256);
        Assert.NotEqual(LedgerFolder.DataSetName($"csv:{longPath}"), LedgerFolder.DataSetName($"csv:{longPath}b"));
    }

    [Fact]
    public void PathOf_NamesThatLookAlikeOnceCleaned_HaveFilesOfTheirOwn()
    {
        string[] paths = [.. ((string[])["digits", "csv:/a b", "csv:/a/b", "csv:/a_b"]).Select(LedgerFolder.PathOf)];

        Assert.Equal(paths.Length, paths.Distinct().Count());
        Assert.EndsWith(Path.Combine("research", "ledgers", "digits.jsonl"), paths[0], StringComparison.Ordinal);
        Assert.All(paths, path => Assert.Matches(@"^[A-Za-z0-9_.-]+\.jsonl$", Path.GetFileName(path)));
    }
}
