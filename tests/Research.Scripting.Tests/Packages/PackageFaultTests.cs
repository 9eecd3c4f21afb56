using System.Text;
using Research.Scripting;

namespace Research.Tests.Packages;

/// <summary>Requests that cannot be met: each is one clear error, and the session goes on as if it had not been.</summary>
public sealed class PackageFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalFeed _feed;
    private readonly Cells _cells;

    public PackageFaultTests()
    {
        _feed = new LocalFeed(_folder);
        _feed.Pack("Tiny.Good", "1.0.0", "public class Good { public int Value => 1; }");
        _cells = new Cells(_folder.Path);
    }

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("nuget: ../../etc/passwd", "../../etc/passwd")]
    [InlineData("nuget: A..B, 1.0", "A..B")]
    [InlineData("nuget: A/B, 1.0", "A/B")]
    [InlineData("nuget: , 1.0", "there is no id")]
    [InlineData("nuget: Tiny.Good, 1.x", "The version of Tiny.Good should be like")]
    [InlineData("nuget: Tiny.Good, ", "got nothing")]
    [InlineData("nuget: Tiny.Good, [2.0,1.0]", "[2.0,1.0]")]
    public async Task Nuget_MalformedRequest_SaysWhatIsExpected(string request, string expected) => Assert.Contains(
        expected, (await _cells.FailAsync($"#r \"{request}\"")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Nuget_EndlessId_IsRefusedInALine()
    {
        CellError error = await _cells.FailAsync($"#r \"nuget: {new string('a', 100_000)}\"");

        Assert.Contains("at most 100 characters", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 200, $"{error.Message.Length} characters.");
    }

    [Fact]
    public async Task Nuget_BrokenFilesInAFeed_NameTheFileAndLeaveOthersUsable()
    {
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "feed", "Tiny.Good.1.0.0.nupkg"));
        await File.WriteAllBytesAsync(_folder.File("feed/Tiny.Cut.1.0.0.nupkg"), whole[..(whole.Length / 2)]);
        await File.WriteAllBytesAsync(_folder.File("feed/Tiny.Garbage.1.0.0.nupkg"), Encoding.UTF8.GetBytes("garbage"));

        foreach (string id in (string[])["Tiny.Cut", "Tiny.Garbage"])
        {
            CellError error = await _cells.FailAsync($"#r \"nuget: {id}, 1.0.0\"");

            Assert.Contains($"Could not restore {id} 1.0.0", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{id}.1.0.0.nupkg", error.Message, StringComparison.Ordinal);
            Assert.True(error.Message.Count(character => character == '\n') < 2, error.Message);
        }

        Assert.Equal(1, await _cells.RunAsync("#r \"nuget: Tiny.Good, 1.0.0\"\nnew Good().Value"));
    }

    [Fact]
    public async Task Nuget_FileThatLeavesItsFolder_IsNotWritten()
    {
        _feed.PackFiles("Tiny.Slip", "1.0.0", [], ("lib/net10.0/../../../../../slipped.txt", [1, 2, 3]));

        CellError error = await _cells.FailAsync("#r \"nuget: Tiny.Slip, 1.0.0\"");

        Assert.Contains("Tiny.Slip", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "slipped.txt", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Nuget_PackageOfAnotherFramework_NamesBoth()
    {
        _feed.PackFiles("Tiny.Old", "1.0.0", [], ("lib/net48/Tiny.Old.dll", _feed.Compile("Tiny.Old", "1.0.0", "class Old { }")));

        CellError error = await _cells.FailAsync("#r \"nuget: Tiny.Old, 1.0.0\"");

        Assert.Contains("Tiny.Old 1.0.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("net48", error.Message, StringComparison.Ordinal);
        Assert.Contains($".NET {Environment.Version.Major}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tiny.Missing, 1.0.0", "Tiny.Missing")]
    [InlineData("Tiny.Good, 9.0.0", "9.0.0")]
    [InlineData("Tiny.Needy, 1.0.0", "Tiny.Absent")]
    public async Task Nuget_PackageThatIsNotThere_NamesItAndIsForgotten(string request, string expected)
    {
        _feed.PackFiles("Tiny.Needy", "1.0.0", [("Tiny.Absent", "1.0.0")]);

        CellError error = await _cells.FailAsync($"#r \"nuget: {request}\"");

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await _cells.RunAsync("#r \"nuget: Tiny.Good, 1.0.0\"\nnew Good().Value"));
    }

    [Fact]
    public async Task Nuget_Interrupted_LeavesNothingAndCanBeAskedAgain()
    {
        using CancellationTokenSource interrupt = new();
        Task<CellResult> running = _cells.TryAsync("#r \"nuget: Tiny.Good, 1.0.0\"", interrupt.Token);
        while (RestoresHere().Length == 0)
        {
            await Task.Delay(5);
        }

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(RestoresHere());
        Assert.Equal(1, await _cells.RunAsync("#r \"nuget: Tiny.Good, 1.0.0\"\nnew Good().Value"));
        Assert.Single(RestoresHere());
    }

    // The folder of this test is in their projects, so they are nobody else's.
    private string[] RestoresHere()
    {
        string cache = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "research", "packages");
        return !Directory.Exists(cache) ? [] : [.. Directory.GetDirectories(cache).Where(restore =>
        {
            string project = Path.Combine(restore, "packages.csproj");
            try
            {
                return File.ReadAllText(project).Contains(_folder.Path, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false; // Another process's, gone meanwhile or not yet written.
            }
        })];
    }
}
