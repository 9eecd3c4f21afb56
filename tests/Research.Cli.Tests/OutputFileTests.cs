using Research.Cli;

namespace Research.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_ExistingFile_IsReplacedAndNothingElseStays()
    {
        string path = _folder.Write("a", "old and longer");

        await OutputFile.WriteAsync(path, "new"u8.ToArray(), CancellationToken.None);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["a"], _folder.Files);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_LeavesTheOldFileAlone()
    {
        string path = _folder.Write("a", "old");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => OutputFile.WriteAsync(path, "new"u8.ToArray(), new CancellationToken(canceled: true)));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a"], _folder.Files);
    }

    [Fact]
    public void Check_GoodPlace_LeavesNothingBehind()
    {
        OutputFile.Check("--out", _folder["new"]);

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Check_BadPlaces_SaysWhatIsWrong()
    {
        Assert.Equal($"--out: expected a file, got the folder {_folder.Path}.", Refusal(_folder.Path));
        Assert.Equal(
            $"--out: there is no folder {_folder["no"]}; make it first.", Refusal(Path.Combine(_folder["no"], "a")));
        Assert.Equal("--out: expected a file on a disk, got the device /dev/null.", Refusal("/dev/null"));
    }

    private static string Refusal(string path) =>
        Assert.Throws<CommandException>(() => OutputFile.Check("--out", path)).Message;
}
