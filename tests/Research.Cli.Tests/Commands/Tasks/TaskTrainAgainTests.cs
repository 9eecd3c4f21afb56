using System.Text.Json.Nodes;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>Training is charged: whoever runs it again is not charged again for what is there.</summary>
public sealed class TaskTrainAgainTests
{
    [RequiresFact("node", "npm")]
    public async Task Train_Again_IsChargedOnlyWhenAskedFor()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        string update = chain.Folder["update.safetensors"];
        string[] train = ["train", $"{id}", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200"];
        JsonNode first = await chain.JsonAsync(null, [.. train, "--out", update]);
        byte[] bytes = await File.ReadAllBytesAsync(update);
        double spent = await SpentAsync(chain);

        JsonNode second = await chain.RepeatAsync(null, [.. train, "--out", update]);
        await chain.RefusedAsync("--again trains it", null, [.. train, "--out", chain.Folder["elsewhere.safetensors"]]);

        Assert.Equal((string)first["sha256"]!, (string)second["sha256"]!);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(update));
        Assert.Equal(spent, await SpentAsync(chain));
        Assert.False(File.Exists(chain.Folder["elsewhere.safetensors"]));

        JsonNode third = await chain.JsonAsync(null, [.. train, "--out", update, "--again"]);
        Assert.NotEqual((string)first["sha256"]!, (string)third["sha256"]!);
        Assert.True(await SpentAsync(chain) > spent);
    }

    // Another file of the same name is not taken for an update.
    [RequiresFact("node", "npm")]
    public async Task Train_FileIsNoUpdateOfTheRound_IsTrainedAndReplaced()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        string update = chain.Folder.Write("update.safetensors", "garbage");

        JsonNode trained = await chain.JsonAsync(
            null, "train", $"{id}", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200", "--out", update);

        Assert.True((bool)trained["charged"]!);
        Assert.NotEqual(7, new FileInfo(update).Length);
    }

    private static async Task<double> SpentAsync(TaskChain chain)
    {
        CommandLineResult shown = await CommandLine.RunAsync("ledger", "show", chain.Folder["home"], "--json");
        return (double)JsonNode.Parse(shown.Output)!["epsilon"]!;
    }
}
