using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Research.Chain.Contracts;
using Research.Market;
using Research.Storage;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>A whole task on a chain whose own currency is no ETH, and which has an explorer.</summary>
public sealed partial class TaskOwnNetworkTests
{
    private readonly List<string> _said = [];

    [RequiresFact("node", "npm")]
    public async Task Verbs_ChainWithASymbolAndAnExplorer_ShowBothEverywhere()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        using OwnNetwork network = new(chain.Chain.Endpoint, "POL");

        await PlayAsync(chain);

        foreach (string text in _said)
        {
            Assert.False(Ether().IsMatch(text), text);
            AssertLinked(text);
        }

        string all = string.Concat(_said);
        Assert.True(Sent().Count(all) > 15, all);
        foreach (string words in (string[])[
            "3 POL as the pool of 1 round, and 0.03 POL of audit fees", "0.3 POL from each participant",
            "at most 0.75 POL, a quarter of a round's part of the pool and never more than 1 POL, got 50 POL",
            "at most 10 POL, got 11 POL", "needs 3.03 POL and gas", "a stake of 0.3 POL", "stake 0.3 POL, bond 0.2 POL",
            "POL of fees for 2 pieces of 2 updates",
            "sealed a claim, bond 0.2 POL", "a bond of 0.2 POL", "the stake of 0.3 POL",
            "The stake of 0.3 POL in task 1 is held", "0.3 POL went to", "POL of rewards", "sends       3.03 POL",
            "POL, at most"])
        {
            Assert.Contains(words, all, StringComparison.Ordinal);
        }
    }

    private async Task PlayAsync(TaskChain chain)
    {
        string[] publish =
            [.. chain.Publication(1), "--delivery", "demand", "--answer-seconds", "3600"];
        await SayAsync(chain, 0, 1, [.. With(publish, "--stake", "50")]);
        await SayAsync(chain, 0, 1, [.. With(publish, "--bond", "11")]);
        await chain.AnvilAsync(
            "anvil_setBalance",
            JsonValue.Create($"{chain.Chain.Accounts[8].Address}"),
            JsonValue.Create("0xde0b6b3a7640000")); // One.
        await SayAsync(chain, 8, 1, publish);
        await SayAsync(chain, 0, 0, [.. publish, "--dry-run"]);
        await SayAsync(chain, 0, 0, [.. publish, "--dry-run", "--json"]);
        await SayAsync(chain, 0, 0, publish);
        await chain.Chain.MineAsync();
        await SayAsync(chain, 0, 0, "open", "1");
        await SayAsync(chain, null, 0, "list");
        string update = chain.Folder["update.safetensors"];
        await SayAsync(
            chain, null, 0, "train", "1", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200",
            "--out", update);
        await SayAsync(chain, 1, 0, "commit", "1", "--update", update);
        await SayAsync(chain, 2, 0, "commit", "1", "--update", update);
        await SayAsync(chain, 7, 0, "commit", "1", "--update", update);
        await SayAsync(chain, 1, 1, "withdraw", "1");
        await chain.AdvanceAsync(1, 0, schedule => schedule.Reveal);
        await SayAsync(chain, 1, 0, "reveal", "1");
        await SayAsync(chain, 2, 0, "reveal", "1");
        await chain.AdvanceAsync(1, 0, schedule => schedule.Answer);
        await SayAsync(chain, 4, 0, "forfeit", "1", $"{chain.Chain.Accounts[7].Address}");
        Revealed first = (await chain.Market.Events.RevealedAsync(1, 0))[0];
        File.Delete(new FolderStore(chain.Folder["store"]).PathOf(first.UpdateHash.ToContentHash()));
        await SayAsync(chain, 4, 0, "demand", "1");
        await SayAsync(chain, 1, 1, "withdraw", "1");
        await SayAsync(chain, 1, 0, "answer", "1");
        await SayAsync(chain, 2, 0, "answer", "1"); // Its update is a copy, and away with it.
        await chain.AdvanceAsync(1, 0, schedule => schedule.Open);
        await SayAsync(chain, 0, 0, "open", "1");
        await chain.AdvanceAsync(1, 0, schedule => schedule.Score);
        await SayAsync(chain, null, 0, "show", "1");
        await SayAsync(chain, 3, 0, "score", "1", "--seal");
        await SayAsync(chain, 5, 0, "watch", "1", "--once", "--claim", "always");
        await chain.AdvanceAsync(1, 0, schedule => schedule.Post);
        await SayAsync(chain, 3, 0, "score", "1", "--post");
        await SayAsync(chain, 5, 0, "watch", "1", "--once", "--json");
        await SayAsync(chain, null, 0, "explain", "1");
        await chain.AdvanceAsync(1, 0, schedule => schedule.End);
        await SayAsync(chain, 4, 0, "finalise", "1");
        await SayAsync(chain, null, 0, "show", "1");
        await SayAsync(chain, null, 0, "show", "1", "--account", $"{chain.Chain.Accounts[2].Address}");
        await SayAsync(chain, 2, 0, "withdraw", "1");
        await SayAsync(chain, 2, 0, "withdraw", "1");
        await SayAsync(chain, 1, 0, "claim", "1");
        await SayAsync(chain, 3, 0, "claim", "1");
        await SayAsync(chain, 5, 0, "watch", "1", "--once");
    }

    private static IEnumerable<string> With(string[] arguments, string name, string value) =>
        arguments.Select((one, i) => i > 0 && arguments[i - 1] == name ? value : one);

    private async Task SayAsync(TaskChain chain, int? account, int expected, params string[] arguments)
    {
        CommandLineResult result = await chain.TaskAsync(account, arguments);
        Assert.True(result.ExitCode == expected, $"{string.Join(' ', arguments)}: {result.Output}{result.Error}");
        _said.Add($"research task {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    private static void AssertLinked(string text)
    {
        foreach (Match sent in Sent().Matches(text))
        {
            Assert.Contains($"{OwnNetwork.Explorer}/tx/{sent.Groups[1].Value}", text, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\bETH\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Ether();

    [GeneratedRegex("""(?:transaction +|"hash": "|"transaction":")(0x[0-9a-f]{64})""", RegexOptions.CultureInvariant)]
    private static partial Regex Sent();
}
