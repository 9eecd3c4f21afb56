using Research.Scripting;
using Research.Scripting.Packages;

namespace Research.Tests.Packages;

public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public PackageTests() => _cells = new Cells(_folder.Path);

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("nuget: Markdig, 1.6.0", "Markdig", "1.6.0")]
    [InlineData("nuget:Markdig,1.6.0", "Markdig", "1.6.0")]
    [InlineData("NuGet: Markdig", "Markdig", "*")]
    [InlineData("nuget: Some.Package-X, [1.0,2.0)", "Some.Package-X", "[1.0,2.0)")]
    [InlineData("nuget: A, 1.0.0-beta.1+build", "A", "1.0.0-beta.1+build")]
    public void Parse_Request_GivesIdAndVersion(string text, string id, string version) =>
        Assert.Equal(new PackageRequest(id, version), PackageRequest.Parse(text));

    [Theory]
    [InlineData("nuget:")]
    [InlineData("nuget: A\" /><Exec Command=\"x")]
    [InlineData("nuget: A, 1.0\" Condition=\"")]
    [InlineData("nuget: A, 1.0, 2.0; rm")]
    public void Parse_AnythingElse_IsRefused(string text) => Assert.Null(PackageRequest.Parse(text));

    [Fact]
    public async Task Nuget_Package_IsRestoredLoadedAndCached()
    {
        await _cells.RunAsync("#r \"nuget: Markdig, 1.6.0\"");
        Assert.Contains("Markdig, 1.6.0", Assert.Single(_cells.Displays).Bundle.PlainText, StringComparison.Ordinal);

        Assert.Equal("<h1>x</h1>", await _cells.RunAsync("Markdig.Markdown.ToHtml(\"# x\").Trim()"));

        string project = ProjectOfTheRestore();
        File.Delete(project);
        using Cells again = new(_folder.Path);
        Assert.True((await again.TryAsync("#r \"nuget: Markdig, 1.6.0\"")).Succeeded);
        Assert.False(File.Exists(project), "It was restored again: the project that a restore reads is back.");
    }

    // The folder of this test is in it, so it is nobody else's.
    private string ProjectOfTheRestore() => Assert.Single(
        Directory.GetFiles(
            Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "research", "packages"),
            "packages.csproj",
            SearchOption.AllDirectories),
        file => File.ReadAllText(file).Contains(_folder.Path, StringComparison.Ordinal));

    [Fact]
    public async Task Nuget_UnknownPackage_GivesTheFeedsAnswer()
    {
        CellError error = await _cells.FailAsync("int x = 1;\n#r \"nuget: Research.No.Such.Package, 1.0.0\"");

        Assert.Equal(("DirectiveError", 2), (error.Name, error.Line));
        Assert.Contains("NU1101", error.Message, StringComparison.Ordinal);
        Assert.Contains("Research.No.Such.Package", error.Message, StringComparison.Ordinal);
    }

    // The host itself is built with 34.0.0 of it.
    [Fact]
    public async Task Nuget_PackageTheHostHasInAnotherVersion_IsTheOneAskedFor()
    {
        await _cells.RunAsync("#r \"nuget: CsvHelper, 33.1.0\"");

        Assert.Equal("33.0.0.0", await _cells.RunAsync("typeof(CsvHelper.CsvReader).Assembly.GetName().Version.ToString()"));
        Assert.NotEmpty((System.Collections.IEnumerable)(await _cells.RunAsync(
            "Datasets.Open(\"digits\").Train.Labels.ToArray()"))!);
    }

    [Fact]
    public async Task Execute_PackageOnlyTheHostUses_IsUnknown() =>
        Assert.Contains("CsvHelper", (await _cells.FailAsync("CsvHelper.CsvReader r;")).Message, StringComparison.Ordinal);
}
