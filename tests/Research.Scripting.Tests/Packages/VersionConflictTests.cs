using Research.Scripting;

namespace Research.Tests.Packages;

/// <summary>Packages that need each other in versions other than those asked for first.</summary>
public sealed class VersionConflictTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public VersionConflictTests()
    {
        LocalFeed feed = new(_folder);
        feed.Pack("Tiny.Base", "1.0.0", "public class Base { public int Version => 1; }");
        feed.Pack("Tiny.Base", "2.0.0", "public class Base { public int Version => 2; public int New => 20; }");
        feed.Pack("Tiny.Base", "3.0.0", "public class Base { public int Version => 3; public int New => 30; }");
        feed.Pack("Tiny.Middle", "1.0.0",
            "public class Middle { public Base Base => new(); public int New => new Base().New; }", ("Tiny.Base", "2.0.0"));
        feed.Pack("Tiny.Middle", "1.1.0", "public class Middle { public Base Base => new(); }", ("Tiny.Base", "3.0.0"));
        feed.Pack("Tiny.Top", "1.0.0", "public class Top { public Middle Middle => new(); }", ("Tiny.Middle", "1.1.0"));
        _cells = new Cells(_folder.Path);
    }

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nuget_LaterPackageNeedsNewer_BothAreResolvedTogether()
    {
        await _cells.RunAsync("#r \"nuget: Tiny.Base, 1.0.0\"\nint before = 5;");

        await _cells.RunAsync("#r \"nuget: Tiny.Middle, 1.0.0\"");

        Assert.Contains("Tiny.Base 2.0.0 is taken instead of 1.0.0", _cells.StandardError, StringComparison.Ordinal);
        Assert.Equal(47, await _cells.RunAsync("before + new Base().Version + new Middle().New + new Middle().Base.New"));
    }

    [Fact]
    public async Task Nuget_ChainOfDowngrades_IsRaisedToTheEnd()
    {
        await _cells.RunAsync("#r \"nuget: Tiny.Base, 1.0.0\"");
        await _cells.RunAsync("#r \"nuget: Tiny.Middle, 1.0.0\"");

        await _cells.RunAsync("#r \"nuget: Tiny.Top, 1.0.0\"");

        Assert.Equal(3, await _cells.RunAsync("new Top().Middle.Base.Version"));
    }

    [Fact]
    public async Task Nuget_OlderThanAnEarlierPackageNeeds_TheNewerIsKept()
    {
        await _cells.RunAsync("#r \"nuget: Tiny.Middle, 1.0.0\"");

        await _cells.RunAsync("#r \"nuget: Tiny.Base, 1.0.0\"");

        Assert.Contains("Tiny.Base, 2.0.0", Assert.Single(_cells.Displays).Bundle.PlainText, StringComparison.Ordinal);
        Assert.Equal(2, await _cells.RunAsync("new Base().Version"));
    }

    [Fact]
    public async Task Nuget_NeedsAnotherVersionThanIsLoaded_IsRefusedWithTheCureAndChangesNothing()
    {
        await _cells.RunAsync("#r \"nuget: Tiny.Base, 1.0.0\"\nBase kept = new(); kept.Version");

        CellError error = await _cells.FailAsync("#r \"nuget: Tiny.Middle, 1.0.0\"");

        Assert.Contains("Tiny.Base 1.0.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("Tiny.Base 2.0.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("put #r \"nuget: Tiny.Base, 2.0.0\" first", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await _cells.RunAsync("kept.Version + new Base().Version"));
        Assert.Contains("Middle", (await _cells.FailAsync("new Middle()")).Message, StringComparison.Ordinal);
        await _cells.RunAsync("#r \"nuget: Tiny.Base, 1.0.0\"");
    }

    [Theory]
    [InlineData("1.0.0", "2.0.0", 2)]
    [InlineData("2.0.0", "1.0.0", 1)]
    public async Task Nuget_AnotherVersionBeforeAnyIsLoaded_IsTaken(string first, string second, int expected)
    {
        await _cells.RunAsync($"#r \"nuget: Tiny.Base, {first}\"\nint before = 5;");

        await _cells.RunAsync($"#r \"nuget: Tiny.Base, {second}\"");

        Assert.Equal(5 + expected, await _cells.RunAsync("before + new Base().Version"));
    }

    [Fact]
    public async Task Nuget_ExactVersionThatAnotherPackageCannotTake_IsRefused()
    {
        await _cells.RunAsync("#r \"nuget: Tiny.Base, [1.0.0]\"");

        CellError error = await _cells.FailAsync("#r \"nuget: Tiny.Middle, 1.0.0\"");

        Assert.Contains("Tiny.Base", error.Message, StringComparison.Ordinal);
        Assert.Contains("2.0.0", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await _cells.RunAsync("new Base().Version"));
    }

    [Fact]
    public async Task Nuget_NewerLibraryThanTheHosts_IsRefusedWithBothVersions()
    {
        Version host = typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly.GetName().Version!;
        string newer = $"{host.Major + 8}.0.0";
        new LocalFeed(_folder).Pack("Microsoft.DotNet.Interactive.Formatting", newer, "public class Fake { }");

        CellError error = await _cells.FailAsync($"#r \"nuget: Microsoft.DotNet.Interactive.Formatting, {newer}\"");

        Assert.Contains($"{newer}.0", error.Message, StringComparison.Ordinal);
        Assert.Contains($"this program has {host}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fake", (await _cells.FailAsync("new Fake()")).Message, StringComparison.Ordinal);
    }
}
