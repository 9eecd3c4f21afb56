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
    public async Task WriteAsync_LeftOverOfAKilledProcess_GoesADayLaterAndAnothersStays()
    {
        string left = _folder.Write($"a.{new string('0', 32)}.part", "half");
        string new1 = _folder.Write($"a.{new string('1', 32)}.part", "half");
        string other = _folder.Write($"b.{new string('2', 32)}.part", "half");
        foreach (string path in (string[])[left, other])
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        }

        await OutputFile.WriteAsync(_folder["a"], "new"u8.ToArray(), CancellationToken.None);

        Assert.False(File.Exists(left));
        Assert.True(File.Exists(new1) && File.Exists(other));
        File.SetLastWriteTimeUtc(new1, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        OutputFile.WriteForOwner(_folder["a"], "newer"u8);
        Assert.Equal(["a", Path.GetFileName(other)], _folder.Files);
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
