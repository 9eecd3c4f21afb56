using System.Net;
using System.Net.Sockets;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Rpc;

/// <summary>What a wrong or a broken node address gets: within 5 s, what was tried and what to check.</summary>
public sealed class WrongAddressTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task AnyRequest_NothingListens_SaysConnectionRefused()
    {
        TcpListener reserved = new(IPAddress.Loopback, 0);
        reserved.Start();
        int port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();

        string message = await FailureAsync(new Uri($"http://127.0.0.1:{port}/v3/secret-key"));

        Assert.Contains($"http://127.0.0.1:{port}/…", message, StringComparison.Ordinal);
        Assert.Contains("connection refused", message, StringComparison.Ordinal);
        Assert.Contains("Check that a node listens on that port", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRequest_UnknownName_SaysSo()
    {
        string message = await FailureAsync(new Uri("http://no-such-host.invalid:8545"));

        Assert.Contains("no-such-host.invalid", message, StringComparison.Ordinal);
        Assert.Contains("Check", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRequest_SilentServer_SaysNoAnswer()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedServer server = new(_ =>
        {
            asked.TrySetResult();
            return null;
        });
        ManualTime time = new();
        using EthereumClient client = new(server.Address, new EthereumClientOptions { Time = time });

        Task<Wei> answer = client.GetBalanceAsync(Address.Zero);
        await asked.Task;
        time.Advance(3999);
        await WorkClock.DelayAsync(50);
        Assert.False(answer.IsCompleted);
        time.Advance(1);

        RpcConnectionException exception = await Assert.ThrowsAsync<RpcConnectionException>(() => answer);
        Assert.Contains("no answer within 4 s", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>hello</html>", "200 OK", "not JSON-RPC 2.0")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1}", "200 OK", "not JSON-RPC 2.0")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\",\"result\":\"0x2\"}", "200 OK", "not JSON-RPC 2.0")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"} trailing", "200 OK", "not JSON-RPC 2.0")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":\"0x1\"}", "200 OK", "id: expected 1, got \"77\"")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"mainnet\"}", "200 OK", "eth_chainId: expected a quantity")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"nope\"}}", "200 OK", "Ethereum node")]
    [InlineData("", "404 Not Found", "HTTP status 404")]
    [InlineData("", "401 Unauthorized", "access key")]
    [InlineData("", "503 Service Unavailable", "HTTP status 503")]
    [InlineData("", "302 Found", "HTTP status 302 to https://elsewhere.example")]
    public async Task AnyRequest_AnotherServer_SaysWhatIsWrong(string body, string status, string expected)
    {
        await using ScriptedServer server = new(
            _ => ScriptedServer.Http(body, status, "Location: https://elsewhere.example/path?key=1"));

        Assert.Contains(expected, await FailureAsync(server.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRequest_EndlessAnswer_StopsAtTheLimit()
    {
        string endless = $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{new string(' ', 3 << 20)}";
        await using ScriptedServer server = new(_ => endless);
        using EthereumClient client = new(server.Address, new EthereumClientOptions { MaximumResponseBytes = 1 << 20 });

        RpcConnectionException exception = await Assert.ThrowsAsync<RpcConnectionException>(
            () => client.GetBlockNumberAsync());

        Assert.Contains("more than 1048576 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("relative/path")]
    public void Constructor_OtherScheme_Throws(string address) =>
        Assert.Throws<ArgumentException>(() => new EthereumClient(new Uri(address, UriKind.RelativeOrAbsolute)));

    [Fact]
    public async Task Read_TransientFailures_AreRetried()
    {
        int count = 0;
        await using ScriptedServer server = new(request =>
            Interlocked.Increment(ref count) <= 2
                ? ScriptedServer.Http(
                    """{"jsonrpc":"2.0","id":1,"error":{"code":429,"message":"slow down"}}""", "429 Too Many Requests")
                : ScriptedServer.Result(request, "\"0x2a\""));
        using EthereumClient client = new(server.Address);

        Assert.Equal(42UL, await client.GetChainIdAsync());
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task SendRawTransaction_AnswerLost_IsSentOnceAndLookedUp()
    {
        await using ScriptedServer server = new(request =>
            request.Contains("eth_sendRawTransaction", StringComparison.Ordinal) ? ""
            : request.Contains("eth_getTransactionByHash", StringComparison.Ordinal)
                ? ScriptedServer.Result(request, "{}")
            : ScriptedServer.Result(request, "\"0x1\""));
        using EthereumClient client = new(server.Address);

        Bytes32 hash = await client.SendRawTransactionAsync(new byte[] { 2, 3 });

        Assert.Equal(Keccak256.Hash([2, 3]), hash);
        Assert.Equal(1, server.Count("eth_sendRawTransaction"));
    }

    [Fact]
    public async Task SendRawTransaction_AnswerLostAndUnknown_SaysThatItIsUncertain()
    {
        await using ScriptedServer server = new(request =>
            request.Contains("eth_sendRawTransaction", StringComparison.Ordinal) ? ""
            : ScriptedServer.Result(
                request, request.Contains("eth_chainId", StringComparison.Ordinal) ? "\"0x1\"" : "null"));
        using EthereumClient client = new(server.Address);

        RpcConnectionException exception = await Assert.ThrowsAsync<RpcConnectionException>(
            () => client.SendRawTransactionAsync(new byte[] { 2, 3 }));

        Assert.Contains(
            $"{Keccak256.Hash([2, 3])} may or may not have been sent", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Count("eth_sendRawTransaction"));
    }

    [Fact]
    public async Task GetLogs_NodeThatLimitsRanges_NarrowsThem()
    {
        List<string> ranges = [];
        await using ScriptedServer server = new(request =>
        {
            using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(request);
            System.Text.Json.JsonElement root = document.RootElement;
            if (root.GetProperty("method").GetString() != "eth_getLogs")
            {
                return ScriptedServer.Result(request, "\"0x1\"");
            }

            System.Text.Json.JsonElement filter = root.GetProperty("params")[0];
            ulong from = Convert.ToUInt64(filter.GetProperty("fromBlock").GetString(), 16);
            ulong to = Convert.ToUInt64(filter.GetProperty("toBlock").GetString(), 16);
            if (to - from >= 30)
            {
                return ScriptedServer.Http(
                    $"{{\"jsonrpc\":\"2.0\",\"id\":{root.GetProperty("id")},"
                    + "\"error\":{\"code\":-32005,\"message\":\"too many blocks\"}}");
            }

            ranges.Add($"{from}-{to}");
            return ScriptedServer.Result(request, "[]");
        });
        using EthereumClient client = new(server.Address, new EthereumClientOptions { LogBlockRange = 100 });

        Assert.Empty(await client.GetLogsAsync(new LogFilter(Address.Zero, [], 5, 99)));
        Assert.Equal(["5-27", "28-50", "51-73", "74-96", "97-99"], ranges);
    }

    [Fact]
    public async Task AnyRequest_Cancelled_ThrowsAtOnce()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedServer server = new(_ =>
        {
            asked.TrySetResult();
            return null;
        });
        using EthereumClient client = new(server.Address);
        using CancellationTokenSource cancel = new();
        Task<ulong> answer = client.GetBlockNumberAsync(cancel.Token);
        await asked.Task;
        using WorkClock clock = new();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
    }

    private static async Task<string> FailureAsync(Uri address)
    {
        StretchedTime time = new();
        using EthereumClient client = new(address, new EthereumClientOptions { Time = time });
        RpcConnectionException exception = await Assert.ThrowsAsync<RpcConnectionException>(
            () => client.GetBalanceAsync(Address.Zero));
        Assert.InRange(time.Waited, TimeSpan.Zero, Limit);
        return exception.Message;
    }
}
