using System.Text.Json.Nodes;

namespace Research.Tests.Commands;

public sealed class KernelCommandTests : IDisposable
{
    private readonly TemporaryFolder _prefix = new();

    private string Kernels => Path.Combine(_prefix.Path, "share", "jupyter", "kernels");

    public void Dispose() => _prefix.Dispose();

    [Fact]
    public async Task Install_Prefix_InstallsUnderBothNames()
    {
        CommandLineResult result = await InstallAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            [".net-csharp", "research-csharp"],
            Directory.EnumerateDirectories(Kernels).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Install_WhereDotNetInteractiveIs_LeavesItUnlessReplaced()
    {
        string theirs = Path.Combine(Kernels, ".net-csharp", "kernel.json");
        Directory.CreateDirectory(Path.GetDirectoryName(theirs)!);
        await File.WriteAllTextAsync(theirs, """{"argv":["dotnet"],"display_name":".NET (C#)","language":"C#"}""");

        CommandLineResult left = await InstallAsync();
        Assert.Equal(0, left.ExitCode);
        Assert.Contains("another kernel has that name", left.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("research", await File.ReadAllTextAsync(theirs), StringComparison.Ordinal);

        Assert.Equal(0, (await InstallAsync("--replace")).ExitCode);
        Assert.Contains("research", await File.ReadAllTextAsync(theirs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Json_HasOursAndOthers()
    {
        await InstallAsync("--name", "mine");
        Directory.CreateDirectory(Path.Combine(Kernels, "other"));
        await File.WriteAllTextAsync(Path.Combine(Kernels, "other", "kernel.json"), """{"language":"C#"}""");

        CommandLineResult result = await CommandLine.RunAsync("kernel", "list", "--prefix", _prefix.Path, "--json");
        Assert.Equal(
            [(".net-csharp", true), ("mine", true), ("other", false)],
            JsonNode.Parse(result.Output)!["kernels"]!.AsArray()
                .Select(kernel => ((string)kernel!["name"]!, (bool)kernel["ours"]!)));
    }

    [Fact]
    public async Task Remove_All_LeavesOthers()
    {
        await InstallAsync();
        Directory.CreateDirectory(Path.Combine(Kernels, "other"));
        await File.WriteAllTextAsync(Path.Combine(Kernels, "other", "kernel.json"), """{"language":"C#"}""");

        Assert.Equal(0, (await CommandLine.RunAsync("kernel", "remove", "--prefix", _prefix.Path)).ExitCode);
        Assert.Equal(["other"], Directory.EnumerateDirectories(Kernels).Select(Path.GetFileName));
        CommandLineResult refused = await CommandLine.RunAsync(
            "kernel", "remove", "--prefix", _prefix.Path, "--name", "other");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("was not installed by research", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a b")]
    public async Task Install_NameThatJupyterRefuses_IsWrongUsage(string name) =>
        Assert.Equal(2, (await InstallAsync("--name", name)).ExitCode);

    [Fact]
    public async Task Install_UserAndPrefix_IsWrongUsage() => Assert.Equal(2, (await InstallAsync("--user")).ExitCode);

    [Fact]
    public async Task Run_NoSuchFile_SaysSo()
    {
        CommandLineResult result = await CommandLine.RunAsync("kernel", "run", Path.Combine(_prefix.Path, "no.json"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no.json", result.Error, StringComparison.Ordinal);
    }

    private Task<CommandLineResult> InstallAsync(params string[] more) => CommandLine.RunAsync(
        ["kernel", "install", "--prefix", _prefix.Path, "--no-publish", .. more]);
}
