using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Research.Scripting.Notebooks;
using Research.Tests.Tools;
using Xunit.Abstractions;

namespace Research.Tests.Guides;

/// <summary>The guides say what works: all of their commands, word for word, by separate people.</summary>
public sealed class WalkThroughTests(ITestOutputHelper output)
{
    private const int LongestLine = 110;

    public static TheoryData<string> All { get; } = [.. Guide.Names];

    // Each in a network of its own, where this machine lets us make some: root, and a kernel that allows it.
    [RequiresFact("node", "npm", "bash", "curl")]
    public async Task Guides_PlayedBySeparatePeople_PayToTheWei()
    {
        if (NetworkNamespaces.ReasonToSkip() is string why)
        {
            output.WriteLine($"Without networks of their own: {why}");
            await PlayAsync(Surroundings.OneMachine, "walk-through.txt");
            return;
        }

        using TemporaryFolder folder = new();
        await using NetworkNamespaces networks = new(folder);
        await PlayAsync(
            new Surroundings(networks.Host, networks.ShellOf, networks.AddressOf, networks.Authority),
            "walk-through.txt");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Guide_AsAFile_IsWhatToolsWrite(string name)
    {
        string text = Encoding.UTF8.GetString(Guide.Bytes(name));
        JsonNode notebook = JsonNode.Parse(text)!;

        Assert.Equal(Encoding.UTF8.GetString(NotebookDocument.Load(Guide.PathOf(name)).ToBytes()), text);
        Assert.All(
            notebook["cells"]!.AsArray(),
            cell =>
            {
                Assert.Equal("markdown", (string?)cell!["cell_type"]);
                Assert.All(
                    cell["source"]!.AsArray(), line => Assert.InRange(((string)line!).TrimEnd('\n').Length, 0, LongestLine));
            });
        Assert.NotEmpty(Guide.Load(name).Headings);
    }

    private async Task PlayAsync(Surroundings surroundings, string file)
    {
        Environment.SetEnvironmentVariable("RESEARCH_ANVIL", Anvil());
        Stopwatch time = Stopwatch.StartNew();
        await using WalkThrough walk = new(surroundings);
        try
        {
            await walk.PlayAsync();
            await walk.AssertPaidAsync();
            Assert.True((bool)walk.Score["agrees"]!);
            AssertEverythingWasPlayed(walk);
            walk.Transcript.Note($"all of it in {time.Elapsed.TotalSeconds:F0} s");
        }
        finally
        {
            string path = Path.Combine(ExternalTool.RepositoryRoot, ".artifacts", file);
            await File.WriteAllTextAsync(path, walk.Transcript.ToString());
            output.WriteLine($"{time.Elapsed.TotalSeconds:F0} s; transcript in {path}");
        }
    }

    private static string Anvil()
    {
        if (Environment.GetEnvironmentVariable("RESEARCH_ANVIL") is string given && File.Exists(given))
        {
            return given;
        }

        NodeTools.EnsureInstalled();
        return NodeTools.Anvil;
    }

    // A command that nobody runs may be wrong.
    private static void AssertEverythingWasPlayed(WalkThrough walk) => Assert.All(
        Guide.Names,
        name => Assert.Empty(Guide.Load(name).Headings.Except(
            walk.People.Where(person => person.Guide == name).SelectMany(person => person.Played))));
}
