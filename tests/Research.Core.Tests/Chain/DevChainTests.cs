using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain;

public sealed class DevChainTests
{
    // No verdict: only so that a test that would wait for ever fails.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [RequiresFact("node", "npm")]
    public async Task StartAsync_TwoAtOnce_RunSideBySideWithTheirAccounts()
    {
        DevChainOptions options = Options() with { Accounts = 12, GenesisTime = DateTimeOffset.UnixEpoch.AddYears(60) };
        await using DevChain first = await DevChain.StartAsync(options);
        await using DevChain second = await DevChain.StartAsync(options);

        Assert.NotEqual(first.Endpoint, second.Endpoint);
        Assert.True(first.Endpoint.IsLoopback);
        Assert.Equal(DevChain.ChainId, await second.Client.GetChainIdAsync());
        Assert.Equal(2030, (await first.Client.GetBlockAsync(0)).Time.Year);
        foreach (PrivateKeyAccount account in first.Accounts)
        {
            Assert.Equal(Wei.FromEther("10000"), await first.Client.GetBalanceAsync(account.Address));
        }
    }

    [RequiresFact("node", "npm")]
    public async Task AdvanceToAsync_LaterAndEarlierTime_OnlyMovesForward()
    {
        await using DevChain chain = await DevChain.StartAsync(Options());
        Block start = await chain.Client.GetBlockAsync();

        await chain.AdvanceToAsync(start.Timestamp + 10_000);
        Block later = await chain.Client.GetBlockAsync();
        await chain.AdvanceToAsync(start.Time);
        await chain.MineAsync(3);
        Block last = await chain.Client.GetBlockAsync();

        Assert.Equal(start.Timestamp + 10_000, later.Timestamp);
        Assert.Equal(later.Number + 3, last.Number);
        Assert.True(last.Timestamp >= later.Timestamp);
    }

    [RequiresFact("node", "npm")]
    public async Task DisposeAsync_WithStateFile_ContinuesFromItNextTime()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"research-{Guid.NewGuid():N}");
        string file = Path.Combine(folder, "state.json"); // The folder is made on the way.
        try
        {
            ulong number;
            Address receiver = PrivateKeyAccount.Generate().Address;
            await using (DevChain chain = await DevChain.StartAsync(Options() with { StateFile = file }))
            {
                await chain.Client.SendAsync(
                    chain.Accounts[0], new CallRequest { To = receiver, Value = Wei.FromEther("3") });
                number = await chain.Client.GetBlockNumberAsync();
            }

            await using DevChain again = await DevChain.StartAsync(Options() with { StateFile = file });

            Assert.Equal(number, await again.Client.GetBlockNumberAsync());
            Assert.Equal(Wei.FromEther("3"), await again.Client.GetBalanceAsync(receiver));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [RequiresFact("node", "npm")]
    public async Task DisposeAsync_Twice_StopsTheChainOnce()
    {
        Uri endpoint;
        await using (DevChain chain = await DevChain.StartAsync(Options()))
        {
            endpoint = chain.Endpoint;
            Assert.True(await ListensAsync(endpoint));
            await chain.DisposeAsync(); // The second, at the block's end, has nothing to do.
        }

        Assert.False(await ListensAsync(endpoint));
    }

    // The process that started the chain ends without disposing it; the chain must not outlive it.
    [RequiresTheory("node", "npm")]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("exit")]
    [InlineData("throw")]
    public async Task Process_EndsInAnyWay_LeavesNoChainBehind(string ending)
    {
        if (OperatingSystem.IsWindows() && ending is ("KILL" or "TERM" or "INT"))
        {
            return; // There are no such signals there.
        }

        NodeTools.EnsureInstalled();
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[
            "exec", typeof(DevChainTests).Assembly.Location, "dev-chain", NodeTools.Anvil, ending])
        {
            start.ArgumentList.Add(argument);
        }

        using Process host = Process.Start(start)!;
        try
        {
            Uri endpoint = new((await host.StandardOutput.ReadLineAsync())!);
            Assert.True(await ListensAsync(endpoint));

            await host.StandardInput.WriteLineAsync();
            if (ending is "KILL" or "TERM" or "INT")
            {
                using Process kill = Process.Start(
                    "/bin/sh", ["-c", $"kill -{ending} {host.Id.ToString(CultureInfo.InvariantCulture)}"]);
                await kill.WaitForExitAsync();
            }

            await host.WaitForExitAsync().WaitAsync(Patience);
            Stopwatch watch = Stopwatch.StartNew();
            while (await ListensAsync(endpoint))
            {
                Assert.True(watch.Elapsed < Patience, $"anvil still listens {watch.Elapsed} after its starter ended");
                await Task.Delay(20);
            }
        }
        finally
        {
            if (!host.HasExited)
            {
                host.Kill(entireProcessTree: true);
            }
        }
    }

    [Fact]
    public async Task StartAsync_NoSuchProgram_Throws() =>
        await Assert.ThrowsAsync<DevChainException>(
            () => DevChain.StartAsync(
                new DevChainOptions { AnvilPath = Path.Combine(Path.GetTempPath(), "no-such-anvil") }));

    [RequiresFact("node", "npm")]
    public async Task StartAsync_Cancelled_LeavesNothing()
    {
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DevChain.StartAsync(Options(), null, cancel.Token));
    }

    [RequiresFact("node", "npm")]
    public void FromPath_NpmLauncher_IsFollowedToTheNativeProgram()
    {
        NodeTools.EnsureInstalled();
        string path = string.Join(
            Path.PathSeparator, Path.GetTempPath(), Path.Combine(NodeTools.ContractsFolder, "node_modules", ".bin"));

        string? found = AnvilBinary.FromPath(path);

        Assert.Equal(OperatingSystem.IsWindows() ? null : NodeTools.Anvil, found);
        Assert.Null(AnvilBinary.FromPath(Path.GetTempPath()));
    }

    [Fact]
    public void FindNpm_NotInstalled_SaysInTwoLinesWhatAndWhy()
    {
        string message = Assert.Throws<DevChainException>(() => AnvilBinary.FindNpm(Path.GetTempPath())).Message;

        Assert.Equal(2, message.Split('\n').Length);
        Assert.StartsWith("Node 20 or later", message, StringComparison.Ordinal);
        Assert.Contains("Why: the local Ethereum chain", message, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task InstallAsync_EmptyFolder_InstallsThePinnedProgramAndReports()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"research-{Guid.NewGuid():N}");
        List<string> messages = [];
        try
        {
            string anvil = await AnvilBinary.InstallAsync(
                Path.Combine(folder, "anvil"), new Collector(messages), default);

            using Process version = Process.Start(
                new ProcessStartInfo(anvil, ["--version"]) { RedirectStandardOutput = true })!;
            string output = await version.StandardOutput.ReadToEndAsync();
            using JsonDocument package = JsonDocument.Parse(
                await File.ReadAllBytesAsync(Path.Combine(NodeTools.ContractsFolder, "package.json")));
            string pinned =
                package.RootElement.GetProperty("dependencies").GetProperty("@foundry-rs/anvil").GetString()!;
            Assert.Contains(pinned, output, StringComparison.Ordinal);
            Assert.Contains(pinned, messages[0], StringComparison.Ordinal);
            // No staging folder is left.
            Assert.Equal([Path.Combine(folder, "anvil")], Directory.GetDirectories(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DevChainOptions Options()
    {
        NodeTools.EnsureInstalled();
        return new DevChainOptions { AnvilPath = NodeTools.Anvil };
    }

    private static async Task<bool> ListensAsync(Uri endpoint)
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

    private sealed class Collector(List<string> messages) : IProgress<string>
    {
        public void Report(string value) => messages.Add(value);
    }
}
