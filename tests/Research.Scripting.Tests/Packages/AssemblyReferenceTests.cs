using Research.Scripting;

namespace Research.Tests.Packages;

/// <summary>Assemblies and projects of the user's own: under .NET Interactive their files stay locked.</summary>
public sealed class AssemblyReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public AssemblyReferenceTests() => _cells = new Cells(_folder.Path);

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reference_Project_IsBuiltUsedAndCanBeRebuilt()
    {
        WriteLibrary("1");
        await _cells.RunAsync("#r \"project: lib/Lib.csproj\"");
        Assert.Equal(1, await _cells.RunAsync("Lib.Thing.Value"));

        string built = Directory.GetFiles(_folder.Path, "Lib.dll", SearchOption.AllDirectories)
            .First(path => path.Contains("bin", StringComparison.Ordinal));
        using (new FileStream(built, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // Nobody else has it open.
        }

        WriteLibrary("2");
        CellError error = await _cells.FailAsync("#r \"project: lib/Lib.csproj\"");

        Assert.Contains("Restart to use the new one", error.Message, StringComparison.Ordinal);
        using Cells fresh = new(_folder.Path);
        await fresh.RunAsync("#r \"project: lib/Lib.csproj\"");
        Assert.Equal(2, await fresh.RunAsync("Lib.Thing.Value"));
    }

    [Fact]
    public async Task Reference_ProjectThatDoesNotBuild_GivesTheCompilersAnswer()
    {
        WriteLibrary("nope");

        CellError error = await _cells.FailAsync("#r \"project: lib/Lib.csproj\"");

        Assert.Contains("CS0103", error.Message, StringComparison.Ordinal);
        Assert.Contains("nope", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_MissingProject_NamesThePath() => Assert.Contains(
        "There is no project at", (await _cells.FailAsync("#r \"project: no.csproj\"")).Message, StringComparison.Ordinal);

    private void WriteLibrary(string value)
    {
        _folder.File("lib/Directory.Build.props", "<Project />");
        _folder.File("lib/Lib.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        _folder.File("lib/Thing.cs", $"namespace Lib; public static class Thing {{ public static int Value => {value}; }}");
    }
}
