using System.Net.Http.Json;
using System.Text.Json;
using Research.Chain;
using Research.Chain.Abi;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Federation.Refutation;

/// <summary>The refuter's code on a real node, asked by calls whether a refutation would hold, as if a market said what it
/// is told to: so thousands of claims take no transaction.</summary>
/// <remarks>
/// A refutation that was not announced and would hold fails with <c>NotIntended</c>, which is asked for last. The market is
/// a few bytes of code that answer <c>caseOf</c> and <c>getRound</c> with words, and everything else with zero.
/// </remarks>
internal sealed class RefuterNode : IAsyncDisposable
{
    /// <summary>What a refutation that would hold fails with.</summary>
    public const string Holds = "NotIntended";

    private const string Contract = "0x00000000000000000000000000000000000000aa";
    private const string Market = "0x00000000000000000000000000000000000000bb";

    private readonly DevChain _chain;
    private readonly HttpClient _http = new();

    private RefuterNode(DevChain chain) => _chain = chain;

    public static Address MarketAddress { get; } = Address.Parse(Market);

    /// <summary>Starts a node.</summary>
    public static async Task<RefuterNode> StartAsync()
    {
        NodeTools.EnsureInstalled();
        string file = Path.Combine(NodeTools.ContractsFolder, "artifacts", "Refuter.json");
        using JsonDocument artifact = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        string code = artifact.RootElement.GetProperty("runtimeBytecode").GetString()!;
        RefuterNode node = new(await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil }));
        await node.SendAsync(Request("anvil_setCode", Contract, code));
        return node;
    }

    /// <summary>Asks whether a refutation would hold.</summary>
    /// <param name="call">The call data of the refutation.</param>
    /// <param name="facts">What the market says of the claim: the words of <c>caseOf</c>.</param>
    /// <param name="round">What it says of every round: the words of <c>getRound</c>.</param>
    /// <returns>The refuter's error; <see cref="Holds"/> where it would.</returns>
    public async Task<string> TryAsync(ReadOnlyMemory<byte> call, byte[] facts, byte[] round)
    {
        (string data, bool failed) = await CallAsync(call, MarketCode(facts, round));
        if (!failed)
        {
            throw new InvalidOperationException("A refutation that nobody announced went through.");
        }

        DecodedError? error = data.StartsWith("0x", StringComparison.Ordinal)
            ? StrictAbi.DecodeError(Refuter.Abi, Convert.FromHexString(data[2..]))
            : null;
        return error?.Name ?? data;
    }

    /// <summary>Puts a market there that says so of every claim, for transactions.</summary>
    public Task SetMarketAsync(byte[] facts, byte[] round) =>
        SendAsync(Request("anvil_setCode", Market, MarketCode(facts, round)));

    /// <summary>Binds the refuter for an account of the node.</summary>
    public Refuter As(int account) => new(_chain.Client, Address.Parse(Contract), _chain.Accounts[account]);

    /// <summary>Mines a block.</summary>
    public Task MineAsync() => _chain.MineAsync();

    /// <summary>Calls the refuter many times at once.</summary>
    /// <param name="calls">The call data of each.</param>
    /// <returns>What each returns, in order.</returns>
    public async Task<byte[][]> AskAsync(IReadOnlyList<byte[]> calls)
    {
        JsonElement answers = await SendAsync(calls.Select((data, id) => Request(
            "eth_call", new { to = Contract, data = "0x" + Convert.ToHexStringLower(data) }, "latest", id)).ToArray());
        return
        [
            .. answers.EnumerateArray().OrderBy(answer => answer.GetProperty("id").GetInt32()).Select(answer =>
                answer.TryGetProperty("result", out JsonElement result)
                    ? Convert.FromHexString(result.GetString()![2..])
                    : throw new InvalidOperationException(answer.ToString())),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _chain.DisposeAsync();
    }

    private static object Request(string method, params object[] arguments) => new
    {
        jsonrpc = "2.0",
        id = arguments is [.., int id] ? id : 0,
        method,
        @params = arguments is [.., int] ? arguments[..^1] : arguments,
    };

    private async Task<JsonElement> SendAsync(object request)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(_chain.Endpoint, request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<(string Data, bool Failed)> CallAsync(ReadOnlyMemory<byte> data, string market)
    {
        JsonElement answer = await SendAsync(Request(
            "eth_call",
            new { to = Contract, data = "0x" + Convert.ToHexStringLower(data.Span) },
            "latest",
            new Dictionary<string, object> { [Market] = new { code = market } }));
        return answer.TryGetProperty("result", out JsonElement result) ? (result.GetString()!, false)
            : answer.GetProperty("error").TryGetProperty("data", out JsonElement why) ? (why.GetString()!, true)
            : (answer.GetProperty("error").ToString(), true);
    }

    // Answers caseOf and getRound with words; anything else with one zero word.
    private static string MarketCode(byte[] facts, byte[] round)
    {
        const int First = 0x21;
        const int Second = 0x31;
        const int Data = 0x41;
        string Jump(string signature, int to) => $"8063{Selector(signature)}1461{to:x4}57";
        string Answer(int at, int count) => $"5b61{count:x4}61{at:x4}60003961{count:x4}6000f3";
        return "0x60003560e01c"
            + Jump("caseOf(uint256,uint256,address)", First)
            + Jump("getRound(uint256,uint256)", Second)
            + "60206000f3"
            + Answer(Data, facts.Length)
            + Answer(Data + facts.Length, round.Length)
            + Convert.ToHexStringLower(facts)
            + Convert.ToHexStringLower(round);
    }

    private static string Selector(string signature) =>
        Convert.ToHexStringLower(Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(signature)).ToArray()[..4]);
}
