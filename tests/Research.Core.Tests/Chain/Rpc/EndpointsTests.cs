using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Rpc;

/// <summary>Several nodes of one chain: a real one, and others in front of it that fail or lie.</summary>
public sealed class EndpointsTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>
{
    private readonly List<string> _notices = [];

    private DevChain Chain => fixture.Chain;

    private Address Receiver { get; } = new([.. Enumerable.Repeat((byte)9, 20)]);

    [RequiresTheory("node", "npm")]
    [InlineData("<html>busy</html>", "200 OK")]
    [InlineData("{}", "429 Too Many Requests")]
    [InlineData("{}", "500 Internal Server Error")]
    [InlineData("{}", "503 Service Unavailable")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"res", "200 OK")]
    [InlineData("{}", "302 Found")]
    public async Task Read_FirstNodeFails_TheNextAnswersAndItIsTold(string body, string status)
    {
        await using ScriptedServer broken = new(_ => ScriptedServer.Http(body, status));
        using EthereumClient client = Client([broken.Address, Chain.Endpoint]);

        Assert.Equal(await Chain.Client.GetBlockNumberAsync(), await client.GetBlockNumberAsync());
        int before = broken.Count("eth_chainId");
        await client.GetBlockNumberAsync();

        Assert.Equal(before, broken.Count("eth_chainId")); // It rests.
        Assert.Contains(_notices, notice => notice.Contains($"Left for {Chain.Endpoint.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal));
    }

    [RequiresFact("node", "npm")]
    public async Task Read_NobodyListens_TheNextAnswers()
    {
        using EthereumClient client = Client([new Uri("http://127.0.0.1:9"), Chain.Endpoint]);

        Assert.Equal(DevChain.ChainId, await client.GetChainIdAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task Read_AllFail_IsTheLastFailure()
    {
        await using ScriptedServer broken = new(_ => ScriptedServer.Http("{}", "500 Internal Server Error"));
        using EthereumClient client = Client([broken.Address, broken.Address]);

        await Assert.ThrowsAsync<RpcConnectionException>(() => client.GetBlockNumberAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_NodeOfAnotherChain_IsRefusedBeforeAnythingIsSent()
    {
        ulong before = await Chain.Client.GetTransactionCountAsync(Chain.Accounts[0].Address);
        using EthereumClient client = new(Chain.Endpoint, new EthereumClientOptions { ChainId = 11155111 });

        WrongChainException refused = await Assert.ThrowsAsync<WrongChainException>(
            () => client.SendAsync(Chain.Accounts[0], new CallRequest { To = Receiver, Value = new Wei(1) }));

        Assert.Equal((11155111UL, DevChain.ChainId), (refused.Expected, refused.Actual));
        Assert.Equal(before, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[0].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_SecondNodeOfAnotherChain_IsRefused()
    {
        await using ScriptedServer liar = new(request =>
            request.Contains("eth_chainId", StringComparison.Ordinal)
                ? ScriptedServer.Result(request, "\"0x1\"")
                : ScriptedServer.Forward(Chain.Endpoint, request));
        using EthereumClient client = Client([Chain.Endpoint, liar.Address]);

        await Assert.ThrowsAsync<WrongChainException>(
            () => client.SendAsync(Chain.Accounts[0], new CallRequest { To = Receiver, Value = new Wei(1) }));
        Assert.Equal(0, liar.Count("eth_sendRawTransaction"));
    }

    [RequiresTheory("node", "npm")]
    [InlineData("eth_getTransactionCount", "\"0x3e8\"", "the nonce of")]
    [InlineData("eth_getCode", "\"0x6001\"", "the code of")]
    public async Task SendAsync_NodesDisagree_IsRefusedAndNamesBoth(string method, string lie, string what)
    {
        ulong before = await Chain.Client.GetTransactionCountAsync(Chain.Accounts[1].Address);
        await using ScriptedServer liar = new(request => request.Contains($"\"{method}\"", StringComparison.Ordinal)
            ? ScriptedServer.Result(request, lie)
            : ScriptedServer.Forward(Chain.Endpoint, request));
        using EthereumClient client = Client([Chain.Endpoint, liar.Address]);

        DisagreementException refused = await Assert.ThrowsAsync<DisagreementException>(
            () => client.SendAsync(Chain.Accounts[1], new CallRequest { To = Receiver, Value = new Wei(1) }));

        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Contains(liar.Address.Authority, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Chain.Endpoint.Authority, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[1].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_NodesAgree_IsMined()
    {
        await using ScriptedServer second = new(request => ScriptedServer.Forward(Chain.Endpoint, request));
        using EthereumClient client = Client([Chain.Endpoint, second.Address]);

        Assert.True((await client.SendAsync(Chain.Accounts[2], new CallRequest { To = Receiver, Value = new Wei(1) })).Succeeded);
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_AnswerLostByTheFirst_HappensOnce()
    {
        // It takes the transaction and answers HTML: the other is given the same bytes, whose nonce is taken by themselves.
        await using ScriptedServer lossy = new(request =>
        {
            string answer = ScriptedServer.Forward(Chain.Endpoint, request);
            return request.Contains("eth_sendRawTransaction", StringComparison.Ordinal)
                ? ScriptedServer.Http("<html>lost</html>", "502 Bad Gateway")
                : answer;
        });
        ulong before = await Chain.Client.GetTransactionCountAsync(Chain.Accounts[3].Address);
        using EthereumClient client = Client([lossy.Address, Chain.Endpoint]);

        Assert.True((await client.SendAsync(Chain.Accounts[3], new CallRequest { To = Receiver, Value = new Wei(1) })).Succeeded);
        Assert.Equal(before + 1, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[3].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task SendAsync_DryRun_SaysWhatAndSendsNothing()
    {
        ulong before = await Chain.Client.GetTransactionCountAsync(Chain.Accounts[4].Address);
        using EthereumClient client = new(Chain.Endpoint, new EthereumClientOptions { IsDryRun = true });

        DryRunException planned = await Assert.ThrowsAsync<DryRunException>(
            () => client.SendAsync(Chain.Accounts[4], new CallRequest { To = Receiver, Value = new Wei(5) }));

        Assert.Equal((Chain.Accounts[4].Address, Receiver, new Wei(5)), (planned.From, planned.To, planned.Value));
        Assert.InRange(planned.GasExpected, 20_999UL, 21_000UL);
        Assert.Equal(before, await Chain.Client.GetTransactionCountAsync(Chain.Accounts[4].Address));
    }

    private EthereumClient Client(IReadOnlyList<Uri> endpoints) =>
        new(endpoints, new EthereumClientOptions { Notices = new Direct(_notices.Add) });

    private sealed class Direct(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
