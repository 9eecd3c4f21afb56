using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Faults;

/// <summary><c>--dry-run</c> of every verb that sends, each at its time in a task's life: it says what and what it costs,
/// and the verb itself then does it, from an untouched chain and untouched files.</summary>
public sealed class DryRunTests : IDisposable
{
    private const string Send = "eth_sendRawTransaction";
    private const string Home = "XDG_DATA_HOME";

    private readonly string? _before = Environment.GetEnvironmentVariable(Home);
    private readonly TemporaryFolder _home = new();
    private readonly HashSet<string> _verbs = [];

    public DryRunTests() => Environment.SetEnvironmentVariable(Home, _home.Path);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Home, _before);
        _home.Dispose();
    }

    [RequiresFact("node", "npm")]
    public async Task EveryVerb_DryRun_SaysGasAndCostAndChangesNothing()
    {
        await using FaultStage stage = await FaultStage.StartAsync();

        await stage.PlayAsync(async step =>
        {
            string verb = step.Arguments[0];
            if (verb != "train") // It sends nothing, and has no such option.
            {
                await DryAsync(stage, step);
            }

            if (verb == "finalise" || step.Arguments is ["score", _, "--seal"])
            {
                await DryAsync(stage, new RoleStep(5, "watch", step.Arguments[1], "--once", "--claim", "always"));
            }

            CommandLineResult done = await stage.RunAsync(step);
            Assert.True(done.ExitCode == 0, $"{step}: {done.Error}");
        });

        Assert.Equal(
            [
                "answer", "claim", "commit", "demand", "finalise", "forfeit", "open", "pin", "publish", "refund",
                "reveal", "score --post", "score --seal", "watch", "withdraw",
            ],
            _verbs.Order(StringComparer.Ordinal));
    }

    private async Task DryAsync(FaultStage stage, RoleStep step)
    {
        string before = await StateAsync(stage, step);
        stage.Node.Forget();

        CommandLineResult text = await stage.RunAsync(step with { Arguments = [.. step.Arguments, "--dry-run"] });
        CommandLineResult json =
            await stage.RunAsync(step with { Arguments = [.. step.Arguments, "--dry-run", "--json"] });

        Assert.True((text.ExitCode, json.ExitCode) == (0, 0), $"{step}: {text.Error}{json.Error}");
        Assert.DoesNotContain(Send, stage.Node.Seen);
        Assert.Equal(before, await StateAsync(stage, step));
        Assert.Contains("nothing was sent", text.Output, StringComparison.Ordinal);
        if (json.Output.Contains("gasLimit", StringComparison.Ordinal))
        {
            Assert.Matches(@"gas +about [0-9]+, at most [0-9]+\n", text.Output);
            Assert.Matches(@"fee now +about 0\.[0-9]+ ETH, at most 0\.[0-9]+ ETH\n", text.Output);
            JsonNode document = JsonNode.Parse(LastOf(json.Output))!;
            Assert.True((bool)document["dryRun"]!);
            Assert.False(string.IsNullOrEmpty((string?)document["function"]), $"{step}");
            Assert.InRange((ulong)document["gasExpected"]!, 21_000UL, (ulong)document["gasLimit"]!);
            Assert.True(BigInteger.Parse((string)document["feeWei"]!, CultureInfo.InvariantCulture) > 0);
            _verbs.Add(step.Arguments is ["score", _, string half] ? $"score {half}" : step.Arguments[0]);
        }
        else
        {
            // The samples go into the store, once somebody has written down which half.
            Assert.Equal("open", step.Arguments[0]);
            Assert.True((bool)JsonNode.Parse(json.Output)!["dryRun"]!);
        }
    }

    // A watcher has said a line for each thing that it saw before.
    private static string LastOf(string output) =>
        output[Math.Max(0, output.IndexOf("{\n", StringComparison.Ordinal))..];

    // Balances, nonces and logs; all files of the roles, their stores and ledgers; the user's own but for what was only
    // read.
    private async Task<string> StateAsync(FaultStage stage, RoleStep step)
    {
        List<string> state = [$"{step}", await stage.OutcomeAsync()];
        foreach (Address account in stage.Chain.Accounts.Select(one => one.Address))
        {
            state.Add($"{account} has {await stage.Chain.Client.GetBalanceAsync(account)}");
        }

        foreach (string folder in (string[])[stage.Folder, _home.Path])
        {
            state.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/research/index/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => $"{file} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}"));
        }

        return string.Join('\n', state);
    }
}
