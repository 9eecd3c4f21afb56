using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Stores;
using Research.Market;
using Research.Storage;
using Research.Tests.Commands.Tasks;

namespace Research.Tests.Faults;

/// <summary>A task's life, each step of which can be tried again and again from the same chain and the same files.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    private readonly TaskChain _chain;
    private readonly TemporaryFolder _saved = new();
    private readonly TemporaryFolder _served = new();
    private BlobServer? _server;
    private string _snapshot = "";

    private FaultStage(TaskChain chain, FaultyServer node)
    {
        _chain = chain;
        Node = node;
        Environment.SetEnvironmentVariable("RESEARCH_RPC", node.Endpoint.ToString());
    }

    public FaultyServer Node { get; }

    /// <summary>Gets what stands before the server that roles have in common; null where they share a folder.</summary>
    public FaultyServer? Store { get; private set; }

    public DevChain Chain => _chain.Chain;

    /// <summary>Gets the first step of all.</summary>
    public RoleStep Publication => new(0, _chain.Publication(1));

    public string Folder => _chain.Folder.Path;

    public static async Task<FaultStage> StartAsync()
    {
        TaskChain chain = await TaskChain.StartAsync();
        return new FaultStage(chain, FaultyServer.Start(chain.Chain.Endpoint));
    }

    /// <summary>Starts a stage on which each role has a folder of its own, and a server in common.</summary>
    public static async Task<FaultStage> StartApartAsync()
    {
        FaultStage stage = await StartAsync();
        stage._server = await BlobServer.StartAsync(
            new BlobServerOptions { Folder = stage._served.Path }, CancellationToken.None);
        stage.Store = FaultyServer.Start(stage._server.Address);
        return stage;
    }

    /// <summary>Plays three tasks, with every verb that does something: each step once, by whoever tries it.</summary>
    public async Task PlayAsync(Func<RoleStep, Task> step)
    {
        await PlayPaidAsync(step);
        await PlayWithheldAsync(step);
        await PlayEmptyAsync(step);
    }

    /// <summary>Plays a task whose updates travel in their reveals, to the last payment.</summary>
    public async Task PlayPaidAsync(Func<RoleStep, Task> step)
    {
        string update = _chain.Folder["update-1.safetensors"];
        await step(Publication);
        await Chain.MineAsync();
        await step(new RoleStep(7, "pin", "1"));
        await step(new RoleStep(0, "open", "1"));
        await step(new RoleStep(
            null, "train", "1", "--data", "digits", "--ledger", _chain.Folder["ledger-1"], "--epsilon-cap", "200", "--out", update));
        await step(new RoleStep(1, "commit", "1", "--update", update));
        await ToAsync(1, schedule => schedule.Reveal);
        await step(new RoleStep(1, "reveal", "1"));
        await ToAsync(1, schedule => schedule.Open);
        await step(new RoleStep(0, "open", "1"));
        await ToAsync(1, schedule => schedule.Score);
        await step(new RoleStep(3, "score", "1", "--seal"));
        await ToAsync(1, schedule => schedule.Post);
        await step(new RoleStep(3, "score", "1", "--post"));
        await ToAsync(1, schedule => schedule.End);
        await step(new RoleStep(4, "finalise", "1"));
        await step(new RoleStep(1, "claim", "1"));
        await step(new RoleStep(3, "claim", "1"));
    }

    private async Task PlayWithheldAsync(Func<RoleStep, Task> step)
    {
        ulong id = await _chain.PublishWithAsync(1, "--delivery", "demand", "--answer-seconds", "3600", "--again");
        await _chain.CommitAsync(1, id);
        await _chain.CommitAsync(2, id);
        await ToAsync(id, schedule => schedule.Reveal);
        await step(new RoleStep(1, "reveal", $"{id}"));
        await _chain.JsonAsync(2, "reveal", $"{id}");
        await ToAsync(id, schedule => schedule.Answer);
        FolderStore store = new(_chain.Folder["store"]);
        foreach (Revealed reveal in await _chain.Market.Events.RevealedAsync(id, 0))
        {
            File.Delete(store.PathOf(reveal.UpdateHash.ToContentHash()));
        }

        await step(new RoleStep(3, "demand", $"{id}"));
        await step(new RoleStep(1, "answer", $"{id}"));
        await ToAsync(id, schedule => schedule.Open);
        await step(new RoleStep(4, "forfeit", $"{id}", $"{Chain.Accounts[2].Address}"));
        await ToAsync(id, schedule => schedule.End);
        await step(new RoleStep(4, "finalise", $"{id}"));
        await step(new RoleStep(1, "withdraw", $"{id}"));
    }

    private async Task PlayEmptyAsync(Func<RoleStep, Task> step)
    {
        ulong id = await _chain.PublishWithAsync(1, "--again");
        await ToAsync(id, schedule => schedule.End);
        await _chain.JsonAsync(4, "finalise", $"{id}");
        await step(new RoleStep(5, "refund", $"{id}"));
    }

    /// <summary>Remembers chain and files.</summary>
    public async Task SaveAsync()
    {
        _snapshot = (await AnvilAsync("evm_snapshot")).GetString()!;
        Copy(Folder, _saved["files"]);
        Node.Forget();
        Store?.Forget();
    }

    /// <summary>Goes back to what was saved.</summary>
    public async Task RestoreAsync()
    {
        Assert.True((await AnvilAsync("evm_revert", JsonValue.Create(_snapshot))).GetBoolean());
        Copy(_saved["files"], Folder);
        _snapshot = (await AnvilAsync("evm_snapshot")).GetString()!; // The one before is used up.
        Node.Plan = (_, _) => Fault.None;
        Node.Forget();
        if (Store is not null)
        {
            Store.Plan = Node.Plan;
            Store.Forget();
        }
    }

    /// <summary>Runs a step in this process.</summary>
    public Task<CommandLineResult> RunAsync(RoleStep step)
    {
        NameStore(step);
        return _chain.TaskAsync(step.Account, step.Arguments);
    }

    /// <summary>Starts a step as a process of its own, with a home of its account's.</summary>
    public Process Start(RoleStep step)
    {
        string? key = step.Account is int account ? DevChain.PublicKnowledgeKeys(account + 1)[account] : null;
        Environment.SetEnvironmentVariable("RESEARCH_PRIVATE_KEY", key);
        NameStore(step);
        Process process = CommandLine.Start(
            _chain.Folder[$"home-{step.Account}"],
            ["task", .. step.Arguments, "--private-folder", _chain.Folder[$"own-{step.Account}"]]);
        Node.Victim = process;
        if (Store is not null)
        {
            Store.Victim = process;
        }

        return process;
    }

    /// <summary>Gets what money and privacy depend on, and nothing that differs between two runs of the same.</summary>
    public async Task<string> OutcomeAsync()
    {
        List<string> state = [];
        foreach (Address account in Chain.Accounts.Select(one => one.Address))
        {
            state.Add($"{account} sent {await Chain.Client.GetTransactionCountAsync(account)}");
        }

        // In thousandths: fees of demands follow the base fee, which follows the blocks.
        Wei held = await Chain.Client.GetBalanceAsync(_chain.Market.Address);
        state.Add($"the market holds {held.Amount / BigInteger.Pow(10, 15)} finney");
        IReadOnlyList<Research.Chain.Rpc.EventLog> logs = await Chain.Client.GetLogsAsync(new LogFilter(_chain.Market.Address, [], 0));
        state.AddRange(logs.GroupBy(log => log.Topics[0])
            .Select(group => $"{group.Key} {group.Count().ToString(CultureInfo.InvariantCulture)}")
            .Order(StringComparer.Ordinal));
        string ledger = _chain.Folder["ledger-1"];
        if (Directory.Exists(ledger))
        {
            CommandLineResult spent = await CommandLine.RunAsync("ledger", "show", ledger, "--json");
            state.Add($"ledger {(JsonNode.Parse(spent.Output)!["epsilon"] ?? spent.Output).ToJsonString()}");
        }

        state.Add($"{(File.Exists(_chain.Folder["update-1.safetensors"]) ? "an" : "no")} update");
        return string.Join('\n', state);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        if (Store is not null)
        {
            await Store.DisposeAsync();
            await _server!.DisposeAsync();
        }

        _served.Dispose();
        await _chain.DisposeAsync();
        _saved.Dispose();
    }

    /// <summary>Asks anvil for what other nodes do not do.</summary>
    public Task<JsonElement> AnvilAsync(string method, params JsonNode?[] arguments) =>
        _chain.AnvilAsync(method, arguments);

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
        {
            foreach (string old in Directory.EnumerateFiles(to, "*", SearchOption.AllDirectories))
            {
                File.Delete(old);
            }
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void NameStore(RoleStep step)
    {
        if (Store is not null)
        {
            Environment.SetEnvironmentVariable("RESEARCH_STORE", $"{_chain.Folder[$"near-{step.Account}"]};{Store.Endpoint}");
        }
    }

    private Task ToAsync(ulong id, Func<Schedule, ulong> to) => _chain.AdvanceAsync(id, 0, to);
}
