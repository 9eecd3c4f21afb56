using System.Text.Json;
using Research.Tests.Tools;

namespace Research.Tests.Demo;

/// <summary>One run of the demo, seeded so that no test of what it leaves behind hangs on luck.</summary>
public sealed class DemoFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-demo-");

    public string Out => Path.Combine(_folder.FullName, "report");

    internal CommandLineResult Result { get; private set; } = null!;

    public JsonElement Document => JsonDocument.Parse(Result.Output).RootElement;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node") is null)
        {
            NodeTools.EnsureInstalled();
            Result = await CommandLine.RunAsync("demo", "--json", "--out", Out, "--insecure-noise-seed", "1");
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
