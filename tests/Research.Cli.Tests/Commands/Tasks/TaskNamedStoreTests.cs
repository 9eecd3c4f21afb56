using System.Text.Json.Nodes;
using Research.Cli.Stores;
using Research.Storage;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>A specification names a store: owners who share no other take part through it.</summary>
public sealed class TaskNamedStoreTests
{
    [RequiresFact("node", "npm")]
    public async Task Task_SpecificationNamesAStore_OwnersFindAndShareThere()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string shared = chain.Folder["shared"];
        await using BlobServer server = await BlobServer.StartAsync(
            new BlobServerOptions { Folder = shared }, CancellationToken.None);
        string address = server.Address.AbsoluteUri.TrimEnd('/');
        string spec = chain.Folder.Write("named.json", TaskSpec.With(1).Replace(
            "\"consent\": \"A test.\"", $"\"consent\": \"A test.\", \"stores\": [\"{address}\"]", StringComparison.Ordinal));
        string[] publication = chain.Publication(1);
        publication[Array.IndexOf(publication, "--spec") + 1] = spec;
        JsonNode published = await chain.JsonAsync(0, [.. publication, "--store", chain.Folder["sponsor"]]);
        ulong id = (ulong)published["task"]!;
        await chain.Chain.MineAsync();
        await chain.JsonAsync(0, "open", $"{id}", "--store", chain.Folder["sponsor"]);

        // All that an owner has is the specification.
        ContentHash hash = ContentHash.Parse((string)published["spec"]!);
        byte[] document = (await new FolderStore(shared).FindAsync(hash, 1 << 20))!;
        await new FolderStore(chain.Folder["owner"]).PutAsync(document);
        await new FolderStore(chain.Folder["deaf"]).PutAsync(document);
        string update = chain.Folder["update.safetensors"];
        string[] train = ["train", $"{id}", "--data", "digits", "--epsilon-cap", "200"];

        CommandLineResult alone = await chain.TaskAsync(
            null,
            [
                .. train, "--out", chain.Folder["alone"], "--ledger", chain.Folder["home-2"], "--store", chain.Folder["deaf"],
                "--own-stores-only",
            ]);
        CommandLineResult trained = await chain.TaskAsync(
            null, [.. train, "--out", update, "--ledger", chain.Folder["home-1"], "--store", chain.Folder["owner"]]);
        await chain.JsonAsync(1, "commit", $"{id}", "--update", update, "--store", chain.Folder["owner"]);
        CommandLineResult shown = await chain.TaskAsync(null, "show", $"{id}", "--store", chain.Folder["owner"]);

        Assert.Equal((0, 0), (alone.ExitCode, trained.ExitCode));
        Assert.Contains("nobody can look at the records", alone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(address, alone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody can look at the records", trained.Error, StringComparison.Ordinal);
        Assert.Contains($"The specification names the store {address}", trained.Error, StringComparison.Ordinal);
        Assert.Contains(address, shown.Output, StringComparison.Ordinal);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Reveal);
        await chain.JsonAsync(1, "reveal", $"{id}", "--store", chain.Folder["owner"]);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Open);
        await chain.JsonAsync(0, "open", $"{id}", "--store", chain.Folder["sponsor"]);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Score);
        await chain.JsonAsync(3, "score", $"{id}", "--seal", "--store", chain.Folder["owner"]);
        await chain.AdvanceAsync(id, 0, schedule => schedule.Post);
        int before = Blobs(shared);
        await chain.JsonAsync(3, "score", $"{id}", "--post", "--store", chain.Folder["owner"]);
        Assert.Equal(before + 2, Blobs(shared)); // The next model and the results.
    }

    private static int Blobs(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Count(file => Path.GetFileName(file).Length == 2 * ContentHash.Size);

    [Theory]
    [InlineData("folder")]
    [InlineData("http://store.example")]
    [InlineData("ipfs+http://127.0.0.1:5001")]
    public async Task New_StoreThatStrangersCannotReach_IsRefused(string store)
    {
        using TemporaryFolder folder = new();

        CommandLineResult result = await CommandLine.RunAsync(
            "task", "new", "--data", "digits", "--store", store, "--out", folder["spec.json"], "--private-folder", folder["own"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--store: Expected https://HOST", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["spec.json"]));
    }
}
