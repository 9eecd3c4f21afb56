using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Tests.Tools;

namespace Research.Tests.Commands;

public sealed class ChainAdvanceCommandTests
{
    [RequiresFact("node", "npm")]
    public async Task Advance_RunningChain_MovesItsClockAndSaysFromWhereToWhere()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(
            new DevChainOptions { AnvilPath = NodeTools.Anvil, GenesisTime = DateTimeOffset.UnixEpoch.AddYears(60) });
        ulong before = await chain.Client.GetNextTimestampAsync();

        CommandLineResult by = await AdvanceAsync(chain, "3d", "--json");
        CommandLineResult to = await AdvanceAsync(chain, "--to", "2030-06-01T02:00:00+02:00");

        Assert.Equal((0, ""), (by.ExitCode, by.Error));
        JsonNode document = JsonNode.Parse(by.Output)!;
        Assert.True((ulong)document["seconds"]! == 3 * 86_400, by.Output);
        Assert.Equal(1, (int)document["block"]!);
        Assert.StartsWith("2030-01-04T", (string)document["after"]!, StringComparison.Ordinal);
        Assert.True((await chain.Client.GetBlockAsync(1)).Timestamp >= before + (3 * 86_400));
        Assert.Equal(0, to.ExitCode);
        Assert.Contains("2030-06-01T00:00:00Z", to.Output, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2030, 6, 1, 0, 0, 0, TimeSpan.Zero), (await chain.Client.GetBlockAsync()).Time);
    }

    [RequiresTheory("node", "npm")]
    [InlineData(1, "--to: expected a time after the chain's, which is 2030-01-01", "--to", "2029-12-31T23:59:59Z")]
    [InlineData(1, "TIME: expected a time that ends before the year 10000, got 2912000d.", "2912000d")]
    [InlineData(1, "TIME: expected a time that ends before the year 10000", "18446744073709551615d")]
    public async Task Advance_BackwardsOrTooFar_IsRefusedAndMinesNothing(
        int exitCode, string expected, params string[] words)
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(
            new DevChainOptions { AnvilPath = NodeTools.Anvil, GenesisTime = DateTimeOffset.UnixEpoch.AddYears(60) });

        CommandLineResult result = await AdvanceAsync(chain, words);

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(0UL, await chain.Client.GetBlockNumberAsync());
    }

    [Theory]
    [InlineData("TIME: expected a time such as 90s, 15m, 2h or 3d, or --to, got nothing.")]
    [InlineData("TIME: expected a time such as 90s, 15m, 2h or 3d, got 3w.", "3w")]
    [InlineData("TIME: expected a time such as 90s, 15m, 2h or 3d, got 0s.", "0s")]
    [InlineData("TIME: expected a time such as 90s, 15m, 2h or 3d, got 1.5h.", "1.5h")]
    [InlineData("TIME: expected a time such as 90s, 15m, 2h or 3d, got d.", "d")]
    [InlineData("--to: expected a time such as 2026-12-01T00:00:00Z, got tomorrow.", "--to", "tomorrow")]
    [InlineData(
        "--to: expected a time such as 2026-12-01T00:00:00Z, got 2026-12-01T00:00:00.",
        "--to", "2026-12-01T00:00:00")]
    [InlineData(
        "TIME: expected either an amount of time or --to, got both, 3d and --to.",
        "3d", "--to", "2026-12-01T00:00:00Z")]
    [InlineData(
        "--rpc: expected a node's address such as http://127.0.0.1:8545, got ftp://x.",
        "3d", "--rpc", "ftp://x")]
    public async Task Advance_WrongWords_IsOneLine(string expected, params string[] words)
    {
        CommandLineResult result = await CommandLine.RunAsync(["chain", "advance", .. words]);

        Assert.Equal(new CommandLineResult(2, "", $"{expected}\n"), result);
    }

    // A node of a public chain: it knows blocks, and no clock that could be moved.
    [Theory]
    [InlineData(-32601, "the method evm_setNextBlockTimestamp does not exist/is not available")]
    [InlineData(-32600, "Unsupported method: evm_setNextBlockTimestamp")]
    public async Task Advance_PublicChain_IsRefused(int code, string message)
    {
        using HttpListener listener = new();
        int port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        Task answering = AnswerAsync(listener, code, message);

        CommandLineResult result = await CommandLine.RunAsync(
            "chain", "advance", "1d", "--rpc", $"http://127.0.0.1:{port}/secret-key");

        listener.Stop();
        await answering;
        Assert.Equal(
            new CommandLineResult(
                1, "", $"The node at http://127.0.0.1:{port} is no local chain: its clock cannot be moved.\n"),
            result);
    }

    private static Task<CommandLineResult> AdvanceAsync(DevChain chain, params string[] words) =>
        CommandLine.RunAsync(["chain", "advance", .. words, "--rpc", $"{chain.Endpoint}"]);

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(HttpListener listener, int code, string message)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                JsonNode request = (await JsonNode.ParseAsync(context.Request.InputStream))!;
                JsonObject answer = new() { ["jsonrpc"] = "2.0", ["id"] = (long)request["id"]! };
                (string name, JsonNode value) = (string)request["method"]! switch
                {
                    "eth_chainId" => ("result", (JsonNode)"0x1"),
                    "eth_getBlockByNumber" => ("result", Block()),
                    _ => ("error", new JsonObject { ["code"] = code, ["message"] = message }),
                };
                answer[name] = value;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            return; // Stopped.
        }
    }

    private static JsonObject Block() => new()
    {
        ["number"] = "0x1",
        ["hash"] = $"0x{new string('1', 64)}",
        ["parentHash"] = $"0x{new string('2', 64)}",
        ["timestamp"] = "0x6b000000",
        ["gasLimit"] = "0x1c9c380",
    };
}
