using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain;

/// <summary>What a chain's state file holds after every way to end, and what is said where it cannot be used.</summary>
public sealed class DevChainStateTests : IDisposable
{
    // No verdict: only so that a test that would wait for ever fails.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Address Receiver = new(new byte[20].Select((_, i) => (byte)(i + 1)).ToArray());

    private static readonly PrivateKeyAccount Sender = PrivateKeyAccount.Parse(DevChain.PublicKnowledgeKeys(1)[0]);

    // LOG0 of nothing, while it is deployed.
    private static readonly byte[] LoggingCode = [0x60, 0x00, 0x60, 0x00, 0xa0, 0x00];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-chain-");
    private readonly List<string> _reports = [];

    private string StateFile => Path.Combine(_folder.FullName, "chain", "state.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresTheory("node", "npm")]
    [InlineData("starter")]
    [InlineData("anvil")]
    [InlineData("both")]
    public async Task Killed_OnceABlockIsKept_ComesBackWithAllOfIt(string killed)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such signals there.
        }

        Block newest;
        TransactionReceipt receipt;
        using (Process host = StartHost())
        {
            using EthereumClient client = new(await EndpointAsync(host));
            receipt = await client.SendAsync(
                Sender, new CallRequest { To = null, Data = LoggingCode, Value = Wei.Zero });
            await client.SendAsync(Sender, new CallRequest { To = Receiver, Value = Wei.FromEther("3") });
            newest = await client.GetBlockAsync();
            await UntilKeptAsync(newest.Number);
            await KillAsync(host, killed);
        }

        await using DevChain again = await StartAsync();

        Assert.Equal(newest, await again.Client.GetBlockAsync());
        Assert.Equal(Wei.FromEther("3"), await again.Client.GetBalanceAsync(Receiver));
        Assert.Equal(2UL, await again.Client.GetTransactionCountAsync(Sender.Address));
        TransactionReceipt kept = (await again.Client.GetReceiptAsync(receipt.TransactionHash))!;
        Assert.Equal((receipt.BlockNumber, receipt.Fee), (kept.BlockNumber, kept.Fee));
        Assert.Equal(receipt.Logs.Count, kept.Logs.Count);
        Assert.Single(await again.Client.GetLogsAsync(new LogFilter(receipt.ContractAddress!.Value, [])));
        Assert.Empty(_reports);
    }

    // At whatever moment they are killed: the accounts and the blocks belong together, and no block is missing.
    [RequiresFact("node", "npm")]
    public async Task Killed_WhileTransactionsCome_LeavesAWholeChainEachTime()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such signals there.
        }

        ulong least = 0;
        for (int round = 0; round < 4; round++)
        {
            using (Process host = StartHost())
            {
                using EthereumClient client = new(await EndpointAsync(host));
                ulong start = await client.GetBlockNumberAsync();
                Assert.True(start >= least, $"round {round}: expected block {least} at least, got {start}");
                Task sending = SendUntilGoneAsync(client);
                await UntilKeptAsync(start + 5);
                await Task.Delay(37 * round); // Another moment of its work each time; no verdict hangs on it.
                least = await KeptAsync() ?? 0;
                await KillAsync(host, round % 2 == 0 ? "both" : "starter");
                await sending;
            }

            await AssertWholeAsync(least);
        }
    }

    [RequiresTheory("node", "npm")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restarted_WithAMovedClock_GoesOnFromThere(bool isKilled)
    {
        if (OperatingSystem.IsWindows() && isKilled)
        {
            return; // There are no such signals there.
        }

        Block moved;
        if (isKilled)
        {
            using Process host = StartHost();
            using EthereumClient client = new(await EndpointAsync(host));
            moved = await MoveAsync(client);
            await UntilKeptAsync(moved.Number);
            await KillAsync(host, "both");
        }
        else
        {
            await using DevChain chain = await StartAsync();
            moved = await MoveAsync(chain.Client);
        }

        for (int restart = 0; restart < 2; restart++)
        {
            await using DevChain again = await StartAsync();
            Assert.InRange(await again.Client.GetNextTimestampAsync(), moved.Timestamp, moved.Timestamp + 3600);
            await again.Client.SendAsync(
                again.Accounts[0], new CallRequest { To = Receiver, Value = Wei.FromEther("1") });
            Block next = await again.Client.GetBlockAsync();
            Assert.Equal(moved.Hash, next.ParentHash);
            Assert.InRange(next.Timestamp, moved.Timestamp, moved.Timestamp + 3600);
            moved = next;
        }
    }

    [RequiresFact("node", "npm")]
    public async Task Restarted_ManyTimes_HasOneFirstBlockAndGoesOnInRealTime()
    {
        Bytes32? first = null;
        for (int restart = 0; restart < 3; restart++)
        {
            await using DevChain chain = await StartAsync();
            Bytes32 hash = (await chain.Client.GetBlockAsync(0)).Hash;
            Assert.Equal(first ?? hash, hash);
            first = hash;
            await chain.MineAsync(2);
            Block newest = await chain.Client.GetBlockAsync();
            Assert.InRange((TimeProvider.System.GetUtcNow() - newest.Time).TotalMinutes, -1, 60);
        }

        JsonNode state = JsonNode.Parse(await File.ReadAllTextAsync(StateFile))!;
        Assert.Equal(7, state["blocks"]!.AsArray().Count);
    }

    // Nothing is mined by anvil_setBalance, so only the end of a clean stop can keep it.
    [RequiresFact("node", "npm")]
    public async Task DisposeAsync_ChangedWithoutABlock_IsKept()
    {
        await using (DevChain chain = await StartAsync())
        {
            await chain.Client.ReadAsync("anvil_setBalance", [Receiver.ToString(), "0x7"], default);
        }

        await using DevChain again = await StartAsync();

        Assert.Equal(7, (await again.Client.GetBalanceAsync(Receiver)).Amount);
        Assert.Empty(_reports);
    }

    [RequiresTheory("node", "npm")]
    [InlineData("", "it is empty")]
    [InlineData("no saved chain", "is no JSON")]
    [InlineData("{\"block\":", "is no JSON")]
    [InlineData("{\"dependencies\":{}}", "it is no saved chain")]
    public async Task StartAsync_DamagedFile_SaysSoInALineAndLeavesItAsItIs(string text, string why)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, text);

        string message = await RefusalAsync();

        Assert.Contains(StateFile, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Contains("move it away", message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(StateFile));
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(StateFile)!));
    }

    [RequiresFact("node", "npm")]
    public async Task StartAsync_HugeFile_SaysSoWithoutReadingIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await using (FileStream file = File.Create(StateFile))
        {
            file.SetLength((1L << 30) + 1);
        }

        Assert.Contains("larger than 1 GiB", await RefusalAsync(), StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task StartAsync_FolderInPlaceOfAFile_SaysSo()
    {
        Directory.CreateDirectory(StateFile);

        Assert.Contains($"expected a file, got the folder {StateFile}", await RefusalAsync(), StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task StartAsync_FileThatMayNotBeRead_SaysSo()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return; // Who may do everything may read it.
        }

        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, "{}");
        File.SetUnixFileMode(StateFile, UnixFileMode.None);

        Assert.Contains("Check its permissions", await RefusalAsync(), StringComparison.Ordinal);
    }

    // The shape is right, so only anvil can tell.
    [RequiresTheory("node", "npm")]
    [InlineData("blocks", "[]", "Best hash not found")]
    [InlineData("transactions", "[{\"info\":7}]", "expected")]
    [InlineData("block", "{\"number\":\"0x3\",\"timestamp\":true}", "Legacy deserialization")]
    public async Task StartAsync_StateThatAnvilDoesNotTake_SaysSoAndLeavesItAsItIs(
        string field, string value, string why)
    {
        await using (DevChain chain = await StartAsync())
        {
            await chain.MineAsync(3);
        }

        JsonObject state = JsonNode.Parse(await File.ReadAllTextAsync(StateFile))!.AsObject();
        state[field] = JsonNode.Parse(value);
        string text = state.ToJsonString();
        await File.WriteAllTextAsync(StateFile, text);

        string message = await RefusalAsync();

        Assert.Contains(StateFile, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(StateFile));
    }

    [RequiresFact("node", "npm")]
    public async Task StartAsync_DamagedFileWithAWholeOneBefore_GoesOnFromThatAndKeepsBoth()
    {
        ulong before;
        await using (DevChain chain = await StartAsync())
        {
            await chain.MineAsync(2);
            await UntilKeptAsync(2);
            before = await chain.Client.GetBlockNumberAsync();
        }

        byte[] whole = await File.ReadAllBytesAsync(StateFile);
        await File.WriteAllBytesAsync(StateFile, whole[..(whole.Length / 2)]);

        await using DevChain again = await StartAsync();

        string report = Assert.Single(_reports);
        Assert.DoesNotContain('\n', report);
        Assert.Contains($"{StateFile}.damaged", report, StringComparison.Ordinal);
        Assert.Equal(before, await again.Client.GetBlockNumberAsync());
        Assert.Equal(whole[..(whole.Length / 2)], await File.ReadAllBytesAsync($"{StateFile}.damaged"));
    }

    [RequiresFact("node", "npm")]
    public async Task StartAsync_PortInUse_SaysWhich()
    {
        NodeTools.EnsureInstalled();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        DevChainException e = await Assert.ThrowsAsync<DevChainException>(
            () => DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil, Port = port }));

        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"Port {port} is in use"), e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    // What a full disk does, a folder in the way does too.
    [RequiresFact("node", "npm")]
    public async Task Running_FileCannotBeWritten_SaysSoOnceAndGoesOn()
    {
        await using DevChain chain = await StartAsync();
        await chain.MineAsync();
        await UntilKeptAsync(1);
        Directory.CreateDirectory($"{StateFile}.new");

        await chain.MineAsync();
        await UntilAsync(() => Task.FromResult(Reports().Length == 1));
        await chain.MineAsync();

        Assert.Equal(3UL, await chain.Client.GetBlockNumberAsync());
        Assert.Equal(1UL, await KeptAsync());
        Assert.Contains("cannot be kept", Reports()[0], StringComparison.Ordinal);
        Assert.Contains("the file stays at block 1", Reports()[0], StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Reports()[0]);

        Directory.Delete($"{StateFile}.new");
        await UntilKeptAsync(3);
        await UntilAsync(() => Task.FromResult(Reports().Length == 2));
        Assert.Contains("again", Reports()[1], StringComparison.Ordinal);
    }

    private async Task AssertWholeAsync(ulong least)
    {
        await using DevChain chain = await StartAsync();
        ulong newest = await chain.Client.GetBlockNumberAsync();
        Assert.True(newest >= least, $"expected block {least} at least, got {newest}");
        Bytes32 hash = (await chain.Client.GetBlockAsync(0)).Hash;
        ulong sent = 0;
        for (ulong number = 1; number <= newest; number++)
        {
            Block block = await chain.Client.GetBlockAsync(number);
            Assert.Equal(hash, block.ParentHash);
            hash = block.Hash;
            sent += RpcJson.ReadUInt64(
                await chain.Client.ReadAsync(
                    "eth_getBlockTransactionCountByNumber", [RpcJson.Quantity(number)], default),
                "count");
        }

        Assert.Equal(sent, await chain.Client.GetTransactionCountAsync(Sender.Address));
        Assert.Equal(sent, (ulong)(await chain.Client.GetBalanceAsync(Receiver)).Amount);
        Assert.Empty(Reports());
    }

    private static async Task<Block> MoveAsync(EthereumClient client)
    {
        await client.ReadAsync("evm_increaseTime", [10 * 86_400], default);
        await client.ReadAsync("evm_mine", [], default);
        return await client.GetBlockAsync();
    }

    private static async Task SendUntilGoneAsync(EthereumClient client)
    {
        try
        {
            while (true)
            {
                await client.SendAsync(Sender, new CallRequest { To = Receiver, Value = new Wei(1) });
            }
        }
        catch (ChainException)
        {
            return; // Killed.
        }
    }

    private Process StartHost()
    {
        NodeTools.EnsureInstalled();
        return Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["exec", typeof(DevChainTests).Assembly.Location, "dev-chain", NodeTools.Anvil, "wait", StateFile])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<Uri> EndpointAsync(Process host) =>
        new((await host.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);

    // The starter's child is the watchdog's shell, and that one's is anvil.
    private static async Task KillAsync(Process host, string which)
    {
        int anvil = await ChildAsync(await ChildAsync(host.Id));
        string ids = which switch
        {
            "starter" => $"{host.Id}",
            "anvil" => $"{anvil}",
            _ => $"{host.Id} {anvil}",
        };
        await OutputAsync($"kill -KILL {ids}");
        if (which == "anvil")
        {
            await host.StandardInput.WriteLineAsync(); // It waits for this; then it goes on without a chain.
            await OutputAsync($"kill -KILL {host.Id}");
        }

        await host.WaitForExitAsync().WaitAsync(Patience);
        await UntilAsync(async () => (await OutputAsync($"kill -0 {anvil} 2>/dev/null && echo alive")).Length == 0);
    }

    private static async Task<int> ChildAsync(int parent) => int.Parse(
        (await OutputAsync($"ps -A -o pid= -o ppid= | awk '$2 == {parent} {{ print $1 }}'")).Trim(),
        CultureInfo.InvariantCulture);

    private static async Task<string> OutputAsync(string command)
    {
        using Process shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private async Task<DevChain> StartAsync()
    {
        NodeTools.EnsureInstalled();
        return await DevChain.StartAsync(
            new DevChainOptions { AnvilPath = NodeTools.Anvil, StateFile = StateFile, StartTimeout = Patience },
            new Collector(_reports));
    }

    private async Task<string> RefusalAsync()
    {
        string message = (await Assert.ThrowsAsync<DevChainException>(StartAsync)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Empty(Reports());
        return message;
    }

    private string[] Reports()
    {
        lock (_reports)
        {
            return [.. _reports];
        }
    }

    private async Task<ulong?> KeptAsync()
    {
        if (!File.Exists(StateFile))
        {
            return null;
        }

        await using FileStream file = new(
            StateFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return (await ChainState.ReadAsync(file, default)).BlockNumber; // Throws where it is not whole, at any moment.
    }

    private Task UntilKeptAsync(ulong block) => UntilAsync(async () => await KeptAsync() >= block);

    private static async Task UntilAsync(Func<Task<bool>> isDone)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await isDone())
        {
            Assert.True(watch.Elapsed < Patience, $"still not there after {watch.Elapsed}");
            await Task.Delay(20);
        }
    }

    private sealed class Collector(List<string> reports) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
