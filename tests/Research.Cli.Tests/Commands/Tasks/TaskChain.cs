using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>A local chain, a market and a shared store, with the command line at hand for each account.</summary>
internal sealed class TaskChain : IAsyncDisposable
{
    private static readonly string[] Variables =
    [
        "RESEARCH_PRIVATE_KEY", "RESEARCH_WALLET", "RESEARCH_SIGNER", "RESEARCH_PASSPHRASE", "RESEARCH_RPC", "RESEARCH_MARKET", "RESEARCH_STORE",
        "RESEARCH_PRIVATE_FOLDER",
    ];

    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(
        name => name, Environment.GetEnvironmentVariable);

    private TaskChain(DevChain chain, TrainingMarket market)
    {
        Chain = chain;
        Market = market;
        Environment.SetEnvironmentVariable("RESEARCH_RPC", chain.Endpoint.ToString());
        Environment.SetEnvironmentVariable("RESEARCH_MARKET", market.Address.ToString());
        Environment.SetEnvironmentVariable("RESEARCH_STORE", Folder["store"]);
        Environment.SetEnvironmentVariable("RESEARCH_PRIVATE_FOLDER", null);
        Environment.SetEnvironmentVariable("RESEARCH_PRIVATE_KEY", null);
        Environment.SetEnvironmentVariable("RESEARCH_WALLET", null);
        Environment.SetEnvironmentVariable("RESEARCH_SIGNER", null);
    }

    public DevChain Chain { get; }

    public TrainingMarket Market { get; }

    public TemporaryFolder Folder { get; } = new();

    public static async Task<TaskChain> StartAsync()
    {
        NodeTools.EnsureInstalled();
        DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        return new TaskChain(chain, await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[9]));
    }

    /// <summary>Runs a <c>task</c> verb as an account, or as a stranger without a key.</summary>
    public async Task<CommandLineResult> TaskAsync(int? account, params string[] arguments)
    {
        string? key = account is int i ? DevChain.PublicKnowledgeKeys(i + 1)[i] : null;
        Environment.SetEnvironmentVariable("RESEARCH_PRIVATE_KEY", key);
        CommandLineResult result = await CommandLine.RunAsync(
            ["task", .. arguments, "--private-folder", Folder[$"own-{account}"]]);
        Assert.DoesNotContain(key?[2..] ?? "no key", result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
        return result;
    }

    /// <summary>Runs a verb that must succeed, and gets its document: standard output holds nothing else.</summary>
    public async Task<JsonNode> JsonAsync(int? account, params string[] arguments)
    {
        CommandLineResult result = await TaskAsync(account, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Error}");
        return JsonNode.Parse(result.Output)!;
    }

    /// <summary>Runs a verb whose step was taken before: it says so, and changes nothing.</summary>
    public async Task<JsonNode> RepeatAsync(int? account, params string[] arguments)
    {
        string before = await StateAsync();
        JsonNode document = await JsonAsync(account, arguments);
        Assert.True((bool?)document["repeated"] == true, $"{string.Join(' ', arguments)}: {document}");
        Assert.Equal(before, await StateAsync());
        return document;
    }

    /// <summary>Runs a verb that must be refused, for a reason, and changes nothing.</summary>
    public async Task RefusedAsync(string reason, int? account, params string[] arguments)
    {
        string before = await StateAsync();
        CommandLineResult result = await TaskAsync(account, arguments);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in research", result.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal(before, await StateAsync());
    }

    /// <summary>Publishes as account 0, or as whoever the arguments name, and opens the samples.</summary>
    public Task<ulong> PublishAsync(int rounds = 1, params string[] signer) => PublishAsync(rounds, true, signer);

    /// <summary>Publishes, and opens the samples or does not.</summary>
    public async Task<ulong> PublishAsync(int rounds, bool isOpened, params string[] signer)
    {
        int? account = signer.Length == 0 ? 0 : null;
        JsonNode published = await JsonAsync(account, [.. Publication(rounds), .. signer]);
        return await OpenedAsync(account, (ulong)published["task"]!, isOpened, signer);
    }

    /// <summary>Publishes as account 0 with more options, and opens the samples.</summary>
    public async Task<ulong> PublishWithAsync(int rounds, params string[] options)
    {
        JsonNode published = await JsonAsync(0, [.. Publication(rounds), .. options]);
        return await OpenedAsync(0, (ulong)published["task"]!, isOpened: true);
    }

    /// <summary>Gets the command line of a publication, its windows an hour each.</summary>
    public string[] Publication(int rounds, string pool = "3") =>
    [
        "publish", "--spec", Folder.Write("spec.json", TaskSpec.With(rounds)), "--pool", pool, "--stake", "0.3",
        "--bond", "0.2", "--audit-fee", "0.03", "--evaluation", "digits",
        "--commit-seconds", "3600", "--reveal-seconds", "3600", "--open-seconds", "3600", "--score-seconds", "3600",
        "--refute-seconds", "3600",
    ];

    /// <summary>Reveals, opens the keys, seals and posts a claim as account 3, and finalises: from a commit window
    /// on.</summary>
    public async Task PlayAsync(ulong id, int round, params int[] owners)
    {
        await AdvanceAsync(id, round, schedule => schedule.Reveal);
        foreach (int owner in owners)
        {
            await JsonAsync(owner, "reveal", $"{id}");
        }

        await AdvanceAsync(id, round, schedule => schedule.Open);
        await JsonAsync(0, "open", $"{id}");
        await AdvanceAsync(id, round, schedule => schedule.Score);
        await JsonAsync(3, "score", $"{id}", "--seal");
        await AdvanceAsync(id, round, schedule => schedule.Post);
        await JsonAsync(3, "score", $"{id}", "--post");
        await AdvanceAsync(id, round, schedule => schedule.End);
        await JsonAsync(4, "finalise", $"{id}");
    }

    /// <summary>Trains, with a ledger of the account's own, and commits.</summary>
    public async Task CommitAsync(int account, ulong id, string? update = null, params string[] options)
    {
        if (update is null)
        {
            update = Folder[$"update-{account}.safetensors"];
            await JsonAsync(
                null, "train", $"{id}", "--data", "digits", "--ledger", Folder[$"home-{account}"], "--epsilon-cap", "200",
                "--out", update);
        }

        await JsonAsync(account, ["commit", $"{id}", "--update", update, .. options]);
    }

    private async Task<ulong> OpenedAsync(int? account, ulong id, bool isOpened, params string[] signer)
    {
        if (isOpened)
        {
            await Chain.MineAsync(); // Only now can anybody know which half is opened.
            await JsonAsync(account, ["open", $"{id}", .. signer]);
        }

        return id;
    }

    public async Task AdvanceAsync(ulong id, int round, Func<Schedule, ulong> to) =>
        await Chain.AdvanceToAsync(to(await Market.ScheduleOfAsync(id, round)));

    /// <summary>Asks anvil for what other nodes do not do.</summary>
    public async Task<JsonElement> AnvilAsync(string method, params JsonNode?[] arguments)
    {
        using HttpClient client = new();
        JsonObject request = new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = new JsonArray(arguments),
        };
        using HttpResponseMessage response = await client.PostAsJsonAsync(Chain.Endpoint, request);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("result", out JsonElement result)
            ? result
            : throw new InvalidOperationException($"{method}: {answer}");
    }

    /// <summary>Gets everything that money and order depend on: balances, nonces, tasks and blocks.</summary>
    public async Task<string> StateAsync()
    {
        List<string> state =
        [
            $"block {await Chain.Client.GetBlockNumberAsync()}",
            $"market {await Chain.Client.GetBalanceAsync(Market.Address)}",
        ];
        foreach (Address account in Chain.Accounts.Select(one => one.Address))
        {
            state.Add(
                $"{account} {await Chain.Client.GetBalanceAsync(account)} "
                + $"{await Chain.Client.GetTransactionCountAsync(account)}");
        }

        return string.Join('\n', state);
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Folder.Dispose();
        await Chain.DisposeAsync();
    }
}
