using Research.Scripting;

namespace Research.Tests.Packages;

public sealed class PackageSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public PackageSourceTests()
    {
        LocalFeed feed = new(_folder, isSource: false);
        feed.Pack("Tiny.Local", "1.0.0", "public class Local { public int Value => 7; }");
        _cells = new Cells(_folder.Path);
    }

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("nuget: nowhere/packages", "nowhere")]
    [InlineData("nuget: ftp://host/feed", "expected https://")]
    [InlineData("nuget: https:/host/feed", "expected https://")]
    [InlineData("nuget: https://", "expected https://")]
    [InlineData("nuget: http://host/feed", "https")]
    [InlineData("nuget:", "Expected #i")]
    [InlineData("nuget: a;b", "one address or folder")]
    public async Task Source_ThatCannotBe_IsRefusedAtOnceAndForgotten(string source, string expected)
    {
        CellError error = await _cells.FailAsync($"#i \"{source}\"");

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nuget: feed")]
    [InlineData("nuget:./feed/")]
    [InlineData("feed")]
    public async Task Source_RelativeFolder_IsTheSessions(string source) => Assert.Equal(7, await _cells.RunAsync(
        $"#i \"{source}\"\n#r \"nuget: Tiny.Local, 1.0.0\"\nnew Local().Value"));

    [Fact]
    public async Task Source_ThatIsGoneLater_IsNamedAndLeftOut()
    {
        string gone = _folder.File("gone");
        Directory.CreateDirectory(gone);
        await _cells.RunAsync("#i \"nuget: gone\"\n#i \"nuget: feed\"");
        Directory.Delete(gone);

        await _cells.RunAsync("#r \"nuget: Tiny.Local, 1.0.0\"");

        Assert.Contains($"The package source {gone} could not be reached", _cells.StandardError, StringComparison.Ordinal);
        Assert.Equal(7, await _cells.RunAsync("new Local().Value"));
    }

    [Fact]
    public async Task Source_Unreachable_IsNamedWhereThePackageIsNowhereElse()
    {
        await _cells.RunAsync("#i \"nuget: https://127.0.0.1:9/index.json\"\n#i \"nuget: feed\"");

        CellError error = await _cells.FailAsync("#r \"nuget: Tiny.Elsewhere, 1.0.0\"");

        Assert.Contains("Tiny.Elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://127.0.0.1:9/index.json could not be reached", error.Message, StringComparison.Ordinal);
    }
}
