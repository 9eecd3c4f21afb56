using Research.Kernel.Specs;

namespace Research.Tests.Specs;

public sealed class KernelLauncherTests : IDisposable
{
    private readonly TemporaryFolder _tools = new();

    public void Dispose() => _tools.Dispose();

    [Fact]
    public void Dotnet_OfThisProcess_Exists() => Assert.True(File.Exists(KernelLauncher.Dotnet));

    [Fact]
    public void Lasting_InstalledTool_IsItsShim()
    {
        string folder = _tools[".store/research.cli/0.1.0/research.cli/0.1.0/tools/net10.0/any"];
        Directory.CreateDirectory(folder);
        string shim = _tools[OperatingSystem.IsWindows() ? "research.exe" : "research"];
        File.WriteAllText(shim, "");

        KernelLauncher launcher = KernelLauncher.Lasting(folder);
        Assert.Equal([shim], launcher.Command);
        Assert.Equal(Path.GetDirectoryName(KernelLauncher.Dotnet), launcher.Variables["DOTNET_ROOT"]);
    }

    [Fact]
    public void Lasting_PlainFolder_IsDotnetAndTheProgram() => Assert.Equal(
        [KernelLauncher.Dotnet, _tools["research.dll"]], KernelLauncher.Lasting(_tools.Path).Command);
}
