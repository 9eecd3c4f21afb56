using System.Text.Json.Nodes;
using Research.Kernel.Specs;

namespace Research.Tests.Specs;

public sealed class KernelSpecTests : IDisposable
{
    private static readonly KernelLauncher Launcher =
        new(["/usr/bin/dotnet", "/opt/research.dll"], new Dictionary<string, string> { ["A"] = "1" });

    private readonly TemporaryFolder _kernels = new();

    public void Dispose() => _kernels.Dispose();

    [Fact]
    public void Install_Fresh_WritesWhatJupyterReads()
    {
        string folder = KernelSpecInstaller.Install(_kernels.Path, "mine", "C# here", Launcher, replace: false)!;

        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal(
            ["/usr/bin/dotnet", "/opt/research.dll", "kernel", "run", "--connection-file", "{connection_file}"],
            json["argv"]!.AsArray().Select(word => (string)word!));
        Assert.Equal("C#", (string)json["language"]!);
        Assert.Equal("message", (string)json["interrupt_mode"]!);
        Assert.False((bool)json["metadata"]!["debugger"]!);
        Assert.Equal("1", (string)json["env"]!["A"]!);
        Assert.Equal(
            ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"],
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal(
            [0x89, (byte)'P', (byte)'N', (byte)'G'],
            File.ReadAllBytes(Path.Combine(folder, "logo-64x64.png")).Take(4));
    }

    [Fact]
    public void Install_OverOurs_Refreshes()
    {
        KernelSpecInstaller.Install(_kernels.Path, "mine", "old", Launcher, replace: false);
        KernelSpecInstaller.Install(_kernels.Path, "mine", "new", Launcher, replace: false);

        Assert.Equal("new", KernelSpec.Read(_kernels["mine"])!.DisplayName);
    }

    [Fact]
    public void Install_OverAnothers_OnlyWithReplace()
    {
        Directory.CreateDirectory(_kernels["theirs"]);
        string file = Path.Combine(_kernels["theirs"], "kernel.json");
        const string Theirs = """{"argv":["dotnet","interactive"],"display_name":".NET (C#)","language":"C#"}""";
        File.WriteAllText(file, Theirs);

        Assert.Null(KernelSpecInstaller.Install(_kernels.Path, "theirs", "x", Launcher, replace: false));
        Assert.Equal(Theirs, File.ReadAllText(file));
        Assert.NotNull(KernelSpecInstaller.Install(_kernels.Path, "theirs", "x", Launcher, replace: true));
        Assert.True(KernelSpec.Read(_kernels["theirs"])!.IsOurs);
    }

    [Fact]
    public void Remove_Anothers_IsRefused()
    {
        Directory.CreateDirectory(_kernels["theirs"]);
        File.WriteAllText(Path.Combine(_kernels["theirs"], "kernel.json"), """{"language":"C#"}""");
        KernelSpec spec = KernelSpec.Read(_kernels["theirs"])!;

        Assert.Throws<KernelSpecException>(() => KernelSpecInstaller.Remove(spec));
        Assert.True(Directory.Exists(spec.Folder));
    }

    [Fact]
    public void Remove_Ours_LeavesNothing()
    {
        KernelSpecInstaller.Install(_kernels.Path, "mine", "x", Launcher, replace: false);
        KernelSpecInstaller.Remove(KernelSpec.Read(_kernels["mine"])!);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_kernels.Path));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    public void Install_NameThatJupyterRefuses_IsRefused(string name) => Assert.Throws<KernelSpecException>(
        () => KernelSpecInstaller.Install(_kernels.Path, name, "x", Launcher, replace: false));

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    public void Read_BrokenFile_IsNull(string text)
    {
        Directory.CreateDirectory(_kernels["broken"]);
        File.WriteAllText(Path.Combine(_kernels["broken"], "kernel.json"), text);

        Assert.Null(KernelSpec.Read(_kernels["broken"]));
    }

    [Fact]
    public void List_SameNameTwice_TakesTheFirst()
    {
        using TemporaryFolder other = new();
        KernelSpecInstaller.Install(_kernels.Path, "mine", "first", Launcher, replace: false);
        KernelSpecInstaller.Install(other.Path, "mine", "second", Launcher, replace: false);

        KernelSpec spec = Assert.Single(KernelSpec.List([_kernels["absent"], _kernels.Path, other.Path]));
        Assert.Equal("first", spec.DisplayName);
    }
}
