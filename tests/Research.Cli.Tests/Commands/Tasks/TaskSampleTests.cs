using System.Text.Json.Nodes;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>What an owner is told of the records that will score it, before it commits.</summary>
public sealed class TaskSampleTests
{
    [RequiresFact("node", "npm")]
    public async Task Commit_SampleClosedThenOpen_WarnsThenSaysWhatItShows()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync(2, isOpened: false);
        CommandLineResult early = await chain.TaskAsync(0, "open", $"{id}");
        Assert.Equal((1, ""), (early.ExitCode, early.Output));
        Assert.Contains("the one after the publication: expected the chain at block", early.Error, StringComparison.Ordinal);
        await chain.Chain.MineAsync();
        string update = chain.Folder["update.safetensors"];
        await chain.RefusedAsync(
            "which nobody has written down on chain yet", null, "train", $"{id}", "--data", "digits", "--ledger",
            chain.Folder["home"], "--epsilon-cap", "200", "--out", update);
        await chain.JsonAsync(5, "pin", $"{id}");
        await chain.JsonAsync(
            null, "train", $"{id}", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200",
            "--out", update);

        CommandLineResult closed = await chain.TaskAsync(1, "commit", $"{id}", "--update", update);
        CommandLineResult opened = await chain.TaskAsync(0, "open", $"{id}");
        CommandLineResult again = await chain.TaskAsync(0, "open", $"{id}");
        CommandLineResult open = await chain.TaskAsync(2, "commit", $"{id}", "--update", update);
        JsonNode json = await chain.JsonAsync(3, "commit", $"{id}", "--update", update);

        Assert.Equal((0, 0, 0, 0), (closed.ExitCode, opened.ExitCode, again.ExitCode, open.ExitCode));
        Assert.Contains("WARNING: nobody can look at the records", closed.Error, StringComparison.Ordinal);
        Assert.Contains("NOT OPEN", closed.Output, StringComparison.Ordinal);
        Assert.Contains("a sample of 90 records of round 2", opened.Output, StringComparison.Ordinal);
        Assert.Contains("all that is due is open", again.Output, StringComparison.Ordinal);
        Assert.Contains("90 of the round's records are open: 10 classes", open.Output, StringComparison.Ordinal);
        Assert.Contains("nothing odd", open.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", open.Error, StringComparison.Ordinal);
        Assert.Equal((90, 10), ((int)json["sample"]!["records"]!, json["sample"]!["classes"]!.AsArray().Count));
        Assert.Empty(json["sample"]!["findings"]!.AsArray());
    }

    // A sponsor who can reach the store, and nobody else, puts something else there: it is said, and nothing is lost.
    [RequiresFact("node", "npm")]
    public async Task Commit_SampleThatIsNotTheOneCommittedTo_Warns()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        string keys = Directory.GetFiles(Path.Combine(chain.Folder["store"], "named"), "*-sample").Single();
        byte[] bytes = await File.ReadAllBytesAsync(keys);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(keys, bytes);
        string update = chain.Folder["update.safetensors"];
        await chain.JsonAsync(
            null, "train", $"{id}", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200",
            "--out", update);

        CommandLineResult result = await chain.TaskAsync(1, "commit", $"{id}", "--update", update);

        Assert.Contains("WARNING", result.Error, StringComparison.Ordinal);
        Assert.Contains("expected the root (keys)", result.Error, StringComparison.Ordinal);
    }

    // What a sponsor of odd records publishes: every record twice. The tool itself does not stop it; the owners see it.
    [RequiresFact("node", "npm")]
    public async Task Commit_OddRecords_WarnsOfEachKind()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string csv = chain.Folder.Write(
            "odd.csv",
            string.Join('\n', Enumerable.Range(0, 1500).Select(
                i => string.Join(',', Enumerable.Repeat("3", 64)) + $",{i % 9}")) + "\n");
        string spec = chain.Folder.Write("spec.json", TaskSpec.With(1).Replace("\"examples\": 90", "\"examples\": 50", StringComparison.Ordinal).Replace("\"fraction\": 14", "\"fraction\": 10", StringComparison.Ordinal));
        JsonNode published = await chain.JsonAsync(
            0, "publish", "--spec", spec, "--pool", "1", "--evaluation", $"csv:{csv}", "--even-if-unfair");
        string id = $"{(ulong)published["task"]!}";
        await chain.Chain.MineAsync();
        await chain.JsonAsync(0, "open", id);
        string update = chain.Folder["update.safetensors"];
        await chain.JsonAsync(
            null, "train", id, "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200", "--out", update);

        CommandLineResult result = await chain.TaskAsync(1, "commit", id, "--update", update);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("WARNING: the records opened for this round look odd", result.Error, StringComparison.Ordinal);
        Assert.Contains("49 records with the input of an earlier one", result.Error, StringComparison.Ordinal);
        Assert.Contains("50 records with one number throughout", result.Error, StringComparison.Ordinal);
    }
}
