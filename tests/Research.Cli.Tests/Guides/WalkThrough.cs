using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Faults;
using Research.Training.Data;

namespace Research.Tests.Guides;

/// <summary>
/// The guides, played by people with homes of their own who share a chain and a store, and nothing else.
/// </summary>
internal sealed class WalkThrough : IAsyncDisposable
{
    private const int Killed = 137; // 128 and SIGKILL, as a shell says it.
    private static readonly BigInteger Given = Wei.FromEther("1000").Amount; // The guides' line for a local chain.

    private readonly TemporaryFolder _homes = new();
    private readonly Surroundings _surroundings;
    private readonly List<Person> _people = [];
    private readonly List<Process> _servers = [];
    private FaultyServer? _flaky;

    public WalkThrough(Surroundings surroundings)
    {
        _surroundings = surroundings;
        Host = new Person("host", Guide.Load("1-sponsor"), _homes.Path, ["bash"], Transcript);
        _people.Add(Host);
        Sponsor = Join("sponsor", "1-sponsor");
        Steady = Join("owner-steady", "2-owner");
        Vanished = Join("owner-vanished", "2-owner");
        Unlucky = Join("owner-killed-twice", "2-owner");
        Scorer = Join("scorer", "3-scorer-and-watcher");
        Watcher = Join("watcher", "3-scorer-and-watcher");
        Stranger = Join("stranger", "4-stranger");
    }

    public Transcript Transcript { get; } = new();

    public IReadOnlyList<Person> People => _people;

    /// <summary>Gets who runs what the others have in common.</summary>
    public Person Host { get; }

    public Person Sponsor { get; }

    public Person Steady { get; }

    public Person Vanished { get; }

    public Person Unlucky { get; }

    public Person Scorer { get; }

    public Person Watcher { get; }

    public Person Stranger { get; }

    /// <summary>Gets the chain's own address, on the machine that runs it.</summary>
    public Uri Node { get; private set; } = null!;

    /// <summary>Gets what the stranger computed of the first round.</summary>
    public JsonNode Score { get; private set; } = null!;

    /// <summary>Plays a task of two rounds: one that is paid, and one in which nobody takes part.</summary>
    public async Task PlayAsync()
    {
        await PublishAsync();
        await TakePartAsync();
        await ScoreAsync();
        await CollectAsync();
    }

    /// <summary>Asserts that every account has, to the wei, what the rules give it less the gas that it paid.</summary>
    public async Task AssertPaidAsync()
    {
        BigInteger pool = Wei.FromEther("5").Amount; // Of 10 for two rounds.
        BigInteger fee = Wei.FromEther("0.01").Amount;
        BigInteger stake = Wei.FromEther("0.1").Amount;
        Dictionary<Person, BigInteger> rewards = Score["participants"]!.AsArray().ToDictionary(
            one => _people.Single(person =>
                person.Words.GetValueOrDefault("ADDRESS", "").Equals((string)one!["participant"]!, StringComparison.OrdinalIgnoreCase)),
            one => pool * Number(one!["points"]!) / BigInteger.Max(Number(Score["total"]!), 1_000_000));
        Assert.Equal([Steady, Unlucky], rewards.Keys);
        Assert.All(rewards.Values, reward => Assert.True(reward > 0));

        Dictionary<string, BigInteger> gas = await GasPaid.ReadAsync(Node);
        using EthereumClient client = new(Node);
        await HasAsync(Sponsor, -pool - fee); // The second round's come back.
        await HasAsync(Steady, rewards[Steady]);
        await HasAsync(Unlucky, rewards[Unlucky]);
        await HasAsync(Vanished, -stake);
        await HasAsync(Scorer, fee / 3);
        await HasAsync(Watcher, 0);
        Wei held = await client.GetBalanceAsync(Address.Parse(Sponsor.Words["MARKET"]));
        BigInteger paid = rewards.Values.Aggregate(BigInteger.Add) + (fee / 3);
        Assert.Equal(pool + fee + stake - paid, held.Amount); // Burned.
        Transcript.Note($"to the wei: {rewards[Steady]} and {rewards[Unlucky]} wei to the owners, {fee / 3} to the scorer; "
            + $"{stake} of the stake and {held.Amount - stake} of pool and fee burned");

        async Task HasAsync(Person person, BigInteger gained)
        {
            string address = person.Words["ADDRESS"];
            BigInteger balance = (await client.GetBalanceAsync(Address.Parse(address))).Amount;
            Assert.True(
                Given + gained - gas[address] == balance,
                $"{person.Name}: expected {Given + gained - gas[address]} wei, has {balance}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process server in _servers)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        if (_flaky is not null)
        {
            await _flaky.DisposeAsync();
        }

        _homes.Dispose();
    }

    private async Task PublishAsync()
    {
        Host.Words["TOKEN"] = Random(32);
        Host.Words["CHAIN_PORT"] = "0";
        Host.Words["LISTEN"] = "127.0.0.1:0";
        string chain = await ServeAsync("A chain to try it on");
        string store = await ServeAsync("A store");
        Node = new Uri(Word(chain, @"^chain +(\S+)"));
        _flaky = FaultyServer.Start(Node, _surroundings.Host);
        foreach (Person person in _people)
        {
            person.Words["RPC"] = _surroundings.AddressOf(person == Unlucky ? _flaky.Endpoint : Node).ToString();
            person.Words["STORE"] = _surroundings.AddressOf(new Uri(Word(store, "^store +([^ ,]+)"))).ToString();
        }

        Sponsor.Words["TOKEN"] = Host.Words["TOKEN"];
        await EquipAsync(Sponsor);
        Sponsor.Words["MARKET"] = Word(await Sponsor.DoAsync("A market"), @"^market +(\S+)");
        await Sponsor.DoAsync("The specification");
        await Sponsor.DoAsync("What it would cost");
        Sponsor.Words["TASK"] = Word(await Sponsor.DoAsync("Publish"), @"^published +task (\d+)");
        await AdvanceAsync("1m");
        await Sponsor.DoAsync("Half of the test records");
        foreach (Person person in _people.Except([Host, Sponsor]))
        {
            person.Words["MARKET"] = Sponsor.Words["MARKET"];
            person.Words["TASK"] = Sponsor.Words["TASK"];
        }
    }

    // One vanishes, one is killed when its commitment is sent, and again before its reveal is.
    private async Task TakePartAsync()
    {
        Dataset digits = Datasets.Open("digits").Train;
        Person[] owners = [Steady, Vanished, Unlucky];
        for (int i = 0; i < owners.Length; i++)
        {
            Person owner = owners[i];
            owner.Words["TOKEN"] = Sponsor.Words["TOKEN"];
            await WriteRecordsAsync(owner, digits, i, owners.Length);
            await EquipAsync(owner);
            await owner.DoAsync("What is on offer");
            await owner.DoAsync("Train");
            if (owner != Unlucky)
            {
                await owner.DoAsync("Commit");
            }
        }

        await KillAsync("Commit", Fault.KillAfter);
        Assert.Contains("already", await Unlucky.DoAsync("If it was killed"), StringComparison.Ordinal);
        AssertSecretsKept(_ => false);
        await AdvanceAsync("1d");
        await Steady.DoAsync("Reveal");
        await KillAsync("Reveal", Fault.KillBefore);
        await Unlucky.DoAsync("Reveal");
    }

    private async Task ScoreAsync()
    {
        await AdvanceAsync("1d");
        await Sponsor.DoAsync("The keys");
        await AdvanceAsync("1d");
        Scorer.Words["TOKEN"] = Sponsor.Words["TOKEN"];
        await EquipAsync(Scorer);
        await Scorer.DoAsync("Look first");
        await Scorer.DoAsync("Seal");
        await Steady.DoAsync("Why you are paid what you are paid");
        await AdvanceAsync("12h");
        await Scorer.DoAsync("Open");
        await AdvanceAsync("12h");
        Watcher.Words["TOKEN"] = ""; // It writes nothing.
        await EquipAsync(Watcher);
        await Watcher.DoAsync("Watch");
        await Scorer.DoAsync("Watch");
        await AdvanceAsync("2d");
        Assert.Contains("finalised by the claim of", await Watcher.DoAsync("Watch"), StringComparison.Ordinal);
    }

    private async Task CollectAsync()
    {
        Watcher.Words["VANISHED"] = Vanished.Words["ADDRESS"];
        await Watcher.DoAsync("Whoever did not reveal");
        await Stranger.DoAsync("Where everything is");
        await Stranger.DoAsync("What there is");
        await Stranger.DoAsync("A task's life");
        await Stranger.DoAsync("Score it yourself");
        Score = JsonNode.Parse(await Stranger.DoAsync("The same, for a program"))!;
        await Stranger.DoAsync("Why");
        foreach (Person owner in (Person[])[Steady, Unlucky])
        {
            await owner.DoAsync("Claim");
            await owner.DoAsync("Take the stake back");
        }

        await Steady.DoAsync("What your records have paid");
        await Scorer.DoAsync("Collect");
        await AdvanceAsync("8d");
        Assert.Contains("finalised: empty", await Watcher.DoAsync("Watch"), StringComparison.Ordinal);
        await Sponsor.DoAsync("What nobody worked for");
        await Sponsor.DoAsync("The end");
        AssertSecretsKept(IsPublished);
    }

    /// <summary>Gets whether a private file is everybody's by the end: what was revealed, opened or scored.</summary>
    private bool IsPublished(string file) =>
        file.Contains("/private/scored/", StringComparison.Ordinal)
        || file.Contains("/private/evaluations/", StringComparison.Ordinal)
        || (!file.StartsWith(Vanished.Home, StringComparison.Ordinal)
            && (file.Contains("/private/updates/", StringComparison.Ordinal)
                || file.EndsWith("/update.safetensors", StringComparison.Ordinal)));

    // The sponsor's records are encrypted in everybody's store: what is secret of them are the keys.
    private void AssertSecretsKept(Func<string, bool> isPublished)
    {
        foreach (Person person in _people)
        {
            IReadOnlyList<(string Name, byte[] Bytes)> secrets = Secrets.Of(person, file =>
                isPublished(file)
                || (file.Contains("/private/evaluations/", StringComparison.Ordinal)
                    && !file.EndsWith("-all", StringComparison.Ordinal)));
            Assert.Equal(person.Words.ContainsKey("ADDRESS"), secrets.Any(one => one.Name.EndsWith("me.json", StringComparison.Ordinal)));
            Secrets.AssertKept(person, secrets, _people);
        }

        string text = Transcript.ToString();
        Assert.All(
            _people.SelectMany(person => (string?[])[person.Words.GetValueOrDefault("PASSPHRASE"), person.Words.GetValueOrDefault("TOKEN")])
                .Where(secret => !string.IsNullOrEmpty(secret)),
            secret => Assert.DoesNotContain(secret!, text, StringComparison.Ordinal));
    }

    private async Task KillAsync(string heading, Fault fault)
    {
        _flaky!.Forget();
        _flaky.Plan = (name, before) => name == "eth_sendRawTransaction" && before == 0 ? fault : Fault.None;
        CommandLineResult result = await Unlucky.TryAsync(heading, process => _flaky.Victim = process);
        _flaky.Plan = (_, _) => Fault.None;
        Assert.Equal(Killed, result.ExitCode);
    }

    private async Task AdvanceAsync(string time)
    {
        Sponsor.Words["TIME"] = time;
        await Sponsor.DoAsync("Time");
    }

    private async Task<string> ServeAsync(string heading)
    {
        (Process server, string output) = await Host.ServeAsync(heading);
        _servers.Add(server);
        return output;
    }

    private Person Join(string name, string guide)
    {
        Person person = new(name, Guide.Load(guide), _homes.Path, _surroundings.ShellOf(name), Transcript)
        {
            Authority = _surroundings.Authority,
        };
        _people.Add(person);
        return person;
    }

    private static async Task EquipAsync(Person person)
    {
        person.Words["PASSPHRASE"] = Random(16);
        person.Words["ADDRESS"] = Word(await person.DoAsync("A wallet"), @"^address +(\S+)");
        await person.DoAsync("Money to try it with");
        await person.DoAsync("Where everything is");
    }

    private static async Task WriteRecordsAsync(Person owner, Dataset data, int first, int step)
    {
        StringBuilder text = new();
        int width = data.Inputs.Length / data.Count;
        for (int row = first; row < data.Count; row += step)
        {
            foreach (float value in data.Inputs.Span.Slice(row * width, width))
            {
                text.Append(CultureInfo.InvariantCulture, $"{value},");
            }

            text.Append(CultureInfo.InvariantCulture, $"{data.Labels.Span[row]}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(owner.Home, "records.csv"), text.ToString());
    }

    private static string Word(string output, string pattern)
    {
        Match match = Regex.Match(output, pattern, RegexOptions.Multiline);
        return match.Success ? match.Groups[1].Value : throw new InvalidOperationException($"No {pattern} in {output}");
    }

    private static string Random(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    private static BigInteger Number(JsonNode text) => BigInteger.Parse((string)text!, CultureInfo.InvariantCulture);
}
