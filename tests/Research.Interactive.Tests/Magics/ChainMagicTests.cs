using System.Net.Sockets;
using Research.Chain;
using Research.Tests.Tools;

namespace Research.Tests.Magics;

public sealed class ChainMagicTests
{
    // No verdict: only so that a test that would wait for ever fails.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [RequiresFact("node", "npm")]
    public async Task Up_DeclaresAChainThatEndsWithItsKernel()
    {
        NodeTools.EnsureInstalled();
        Uri endpoint;
        using (NotebookKernel kernel = await NotebookKernel.StartAsync())
        {
            string shown = await kernel.TextAsync("#!chain up");
            DevChain chain = Assert.IsType<DevChain>(kernel.Variable("chain"));
            endpoint = chain.Endpoint;

            Assert.True(endpoint.IsLoopback);
            Assert.DoesNotContain(DevChain.PublicKnowledgeKeys(1)[0], shown, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("market", shown, StringComparison.Ordinal);
            (_, string? again) = await kernel.RunAsync("#!chain up");
            Assert.Equal($"#!chain: up: a chain runs already, at {endpoint}: #!chain down stops it.", again);
            Assert.Contains("block", await kernel.TextAsync("#!chain status"), StringComparison.Ordinal);
            ulong before = await chain.Client.GetNextTimestampAsync();
            string moved = await kernel.TextAsync("#!chain advance 3d");
            Assert.StartsWith("The chain's clock went from ", moved, StringComparison.Ordinal);
            Assert.True((await chain.Client.GetBlockAsync()).Timestamp >= before + (3 * 86_400));
            (_, string? back) = await kernel.RunAsync("#!chain advance --to 2020-01-01T00:00:00Z");
            Assert.StartsWith("#!chain: --to: expected a time after the chain's", back, StringComparison.Ordinal);
            Assert.Contains("tasks", await kernel.TextAsync("#!task list"), StringComparison.Ordinal);
            (_, string? none) = await kernel.RunAsync("#!task show 1");
            Assert.Equal("#!task: ID: expected a task's number, and the market has no task yet, got 1.", none);
        }

        await EndsAsync(endpoint);
    }

    [RequiresFact("node", "npm")]
    public async Task Down_EndsIt()
    {
        NodeTools.EnsureInstalled();
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync("#!chain up --accounts 2");
        DevChain chain = (DevChain)kernel.Variable("chain")!;

        await kernel.MustRunAsync("#!chain down");

        Assert.Equal(2, chain.Accounts.Count);
        await EndsAsync(chain.Endpoint);
        (_, string? error) = await kernel.RunAsync("#!chain status");
        Assert.Equal("#!chain: status: no chain runs here: #!chain up starts one.", error);
    }

    [Theory]
    [InlineData("#!chain", "VERB: expected up, status, advance, down, got nothing.")]
    [InlineData("#!chain sideways", "VERB: expected up, status, advance, down, got sideways.")]
    [InlineData("#!chain up --port 70000", "--port: expected a whole number from 0 to 65535, got 70000.")]
    [InlineData("#!chain up 3d", "words: expected up alone, and options, got 3d.")]
    [InlineData("#!chain advance", "TIME: expected a time such as 90s, 15m, 2h or 3d, or --to, got nothing.")]
    [InlineData("#!chain advance soon", "TIME: expected a time such as 90s, 15m, 2h or 3d, got soon.")]
    [InlineData("#!chain advance 3d", "advance: no chain runs here: #!chain up starts one.")]
    [InlineData("#!chain down", "down: no chain runs here: #!chain up starts one.")]
    [InlineData("#!task show", "ID: expected a task's number, from 1, got nothing.")]
    [InlineData("#!task list --rpc ftp://x", "--rpc: expected a node's address such as http://127.0.0.1:8545, got ftp://x.")]
    [InlineData("#!task list --market 0x12", "--market: Expected an address, 0x and 40 hex digits, got \"0x12\".")]
    [InlineData("#!task list", "--market: expected a market's address, or #!chain up before, got nothing.")]
    public async Task BadInput_IsOneLine(string line, string expected)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        (_, string? error) = await kernel.RunAsync(line);

        Assert.Equal($"{line.Split(' ')[0]}: {expected}", error);
    }

    private static async Task EndsAsync(Uri endpoint)
    {
        using CancellationTokenSource patience = new(Patience);
        while (await IsListeningAsync(endpoint))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<bool> IsListeningAsync(Uri endpoint)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
