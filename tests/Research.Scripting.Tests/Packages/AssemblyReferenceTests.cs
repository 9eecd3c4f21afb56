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

    [Fact]
    public async Task Reference_AssembliesBesideIt_AreKnownToTheCompilerToo()
    {
        LocalFeed assemblies = new(_folder);
        Write("C", "public class C { public int Value => 3; }");
        Write("B", "public class B : C { }", "C");
        Write("A", "public class A { public B B => new(); public virtual C Get(B b) => b; }", "B", "C");
        Write("Unused", "public class Unused { }");

        await _cells.RunAsync("#r \"lib/A.dll\"");

        Assert.Equal(6, await _cells.RunAsync("C c = new A().B; c.Value + new A().Get(new B()).Value"));
        Assert.Contains("Unused", (await _cells.FailAsync("new Unused()")).Message, StringComparison.Ordinal);

        void Write(string name, string code, params string[] needs) => File.WriteAllBytes(
            _folder.File($"lib/{name}.dll"),
            assemblies.Compile(name, "1.0.0", code, [.. needs.Select(need => (need, "1.0.0"))]));
    }

    [Fact]
    public async Task Reference_NoAssembly_IsRefused()
    {
        _folder.File("lib/Fake.dll", "not an assembly");

        Assert.Contains(
            "is not a .NET assembly", (await _cells.FailAsync("#r \"lib/Fake.dll\"")).Message, StringComparison.Ordinal);
        Assert.Contains("There is no assembly at", (await _cells.FailAsync("#r \"no.dll\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_ProjectOfAProjectWithAPackage_IsUsedWhole()
    {
        _folder.File("Directory.Build.props", "<Project />");
        WriteProject("Inner", "public class Inner { public Newtonsoft.Json.Linq.JObject Json => new(); }",
            "<PackageReference Include=\"Newtonsoft.Json\" Version=\"13.0.4\" />");
        WriteProject("Middle", "public class Middle : Inner { }", "<ProjectReference Include=\"../Inner/Inner.csproj\" />");
        WriteProject("Outer", "public class Outer { public Middle Middle => new(); }",
            "<ProjectReference Include=\"../Middle/Middle.csproj\" />");

        await _cells.RunAsync("#r \"project: Outer/Outer.csproj\"");

        Assert.Equal(0, await _cells.RunAsync("Inner inner = new Outer().Middle; inner.Json.Count"));
    }

    [Fact]
    public async Task Reference_ProjectBesideAPackageOfItsOwn_AreResolvedTogether()
    {
        _folder.File("Directory.Build.props", "<Project />");
        WriteProject("Own", "public class Own { public string Text => Newtonsoft.Json.JsonConvert.SerializeObject(1); }",
            "<PackageReference Include=\"Newtonsoft.Json\" Version=\"13.0.4\" />");
        await _cells.RunAsync("#r \"nuget: Newtonsoft.Json, 13.0.3\"");

        await _cells.RunAsync("#r \"project: Own/Own.csproj\"");

        Assert.Contains("Newtonsoft.Json 13.0.4 is taken instead of 13.0.3", _cells.StandardError, StringComparison.Ordinal);
        Assert.Equal("11", await _cells.RunAsync("new Own().Text + Newtonsoft.Json.JsonConvert.SerializeObject(1)"));
    }

    [Theory]
    [InlineData("netstandard2.0;net10.0", "net10.0")]
    [InlineData("netstandard2.0;net472", "netstandard2.0")]
    public async Task Reference_ProjectOfSeveralFrameworks_IsTheNearest(string frameworks, string nearest)
    {
        _folder.File("Directory.Build.props", "<Project />");
        WriteProject("Several", "public class Several { }", "", $"<TargetFrameworks>{frameworks}</TargetFrameworks>");

        await _cells.RunAsync("#r \"project: Several/Several.csproj\"");

        Assert.Equal(nearest, await _cells.RunAsync(
            "typeof(Several).Assembly.GetCustomAttributes(false).OfType<System.Runtime.Versioning.TargetFrameworkAttribute>()" +
            ".Single().FrameworkName.Contains(\"Standard\") ? \"netstandard2.0\" : \"net10.0\""));
    }

    [Fact]
    public async Task Reference_ProjectOfOtherFrameworks_NamesThem()
    {
        WriteProject("Other", "", "", "<TargetFrameworks>net472;net48</TargetFrameworks>");

        CellError error = await _cells.FailAsync("#r \"project: Other/Other.csproj\"");

        Assert.Contains("net472, net48", error.Message, StringComparison.Ordinal);
        Assert.Contains($"net{Environment.Version.Major}.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_WebProject_BringsAspNet()
    {
        _folder.File("Directory.Build.props", "<Project />");
        WriteProject("Web", "public class Web { public Microsoft.AspNetCore.Http.PathString Path => new(\"/x\"); }",
            "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />");

        await _cells.RunAsync("#r \"project: Web/Web.csproj\"");

        Assert.Equal("/x", await _cells.RunAsync("new Web().Path.Value"));
    }

    private void WriteProject(
        string name, string code, string items, string framework = "<TargetFramework>net10.0</TargetFramework>")
    {
        _folder.File($"{name}/{name}.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">" +
            $"<PropertyGroup>{framework}</PropertyGroup><ItemGroup>{items}</ItemGroup></Project>");
        _folder.File($"{name}/{name}.cs", code);
    }

    private void WriteLibrary(string value)
    {
        _folder.File("lib/Directory.Build.props", "<Project />");
        _folder.File("lib/Lib.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        _folder.File("lib/Thing.cs", $"namespace Lib; public static class Thing {{ public static int Value => {value}; }}");
    }
}
