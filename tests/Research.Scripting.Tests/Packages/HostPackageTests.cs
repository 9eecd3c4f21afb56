using Research.Scripting;

namespace Research.Tests.Packages;

public sealed class HostPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;
    private readonly string _version =
        System.Diagnostics.FileVersionInfo.GetVersionInfo(typeof(Research.Training.Data.Datasets).Assembly.Location)
            .ProductVersion!.Split('+')[0];

    public HostPackageTests()
    {
        _ = new LocalFeed(_folder); // Empty: nothing can be restored.
        _cells = new Cells(_folder.Path);
    }

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Research.Core")]
    [InlineData("Research.Scripting")]
    [InlineData("Research.Interactive")]
    [InlineData("research.core")]
    [InlineData("Research.Core, *")]
    [InlineData("Research.Core, 0.*")]
    [InlineData("Research.Core, [0.0.1,)")]
    public async Task Nuget_PackageThatTheHostIsMadeOf_IsThereAlready(string request)
    {
        await _cells.RunAsync($"#r \"nuget: {request}\"");

        Assert.Equal(
            $"Installed Packages\n{request.Split(',')[0]}, {_version}", Assert.Single(_cells.Displays).Bundle.PlainText);
    }

    [Fact]
    public async Task Nuget_ItsOwnVersion_IsThereAlready() =>
        await _cells.RunAsync($"#r \"nuget: Research.Core, {_version}\"");

    [Theory]
    [InlineData("99.0.0")]
    [InlineData("0.0.1")]
    [InlineData("[99.0,100.0)")]
    public async Task Nuget_AnotherVersion_IsRefusedWithBoth(string version)
    {
        CellError error = await _cells.FailAsync($"#r \"nuget: Research.Core, {version}\"");

        Assert.Contains($"Research.Core {_version}", error.Message, StringComparison.Ordinal);
        Assert.Contains(version, error.Message, StringComparison.Ordinal);
    }
}
