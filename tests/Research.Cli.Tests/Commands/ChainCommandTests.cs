using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Tools;

namespace Research.Tests.Commands;

public sealed class ChainCommandTests
{
    [RequiresTheory("node", "npm")]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Up_Stopped_ExitsWith0LeavesNoOrphanAndComesBackWithItsMarket(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such signals there.
        }

        NodeTools.EnsureInstalled();
        using TemporaryFolder folder = new();
        Address receiver = new(new byte[20].Select((_, i) => (byte)(i + 1)).ToArray());
        (JsonNode first, CommandLineResult firstEnd) = await RunAsync(folder, signal, async up =>
        {
            using EthereumClient client = new(new Uri((string)up["rpc"]!));
            Chain.Signing.PrivateKeyAccount sender = Chain.Signing.PrivateKeyAccount.Parse(
                (string)up["accounts"]![1]!["publicDevelopmentKey"]!);
            await client.SendAsync(sender, new CallRequest { To = receiver, Value = Wei.FromEther("3") });
        });
        (JsonNode second, CommandLineResult secondEnd) = await RunAsync(folder, signal, async up =>
        {
            using EthereumClient client = new(new Uri((string)up["rpc"]!));
            Assert.Equal(Wei.FromEther("3"), await client.GetBalanceAsync(receiver));
            Assert.NotEmpty(await client.GetCodeAsync(Address.Parse((string)up["market"]!)));
        });

        Assert.Equal((0, 0), (firstEnd.ExitCode, secondEnd.ExitCode));
        Assert.Equal((string)first["market"]!, (string)second["market"]!);
        Assert.Equal(2, first["accounts"]!.AsArray().Count);
        Assert.Equal("", firstEnd.Output); // The document was one line, and nothing follows it.
        Assert.Contains("WARNING: everybody knows these keys", firstEnd.Error, StringComparison.Ordinal);
    }

    [RequiresTheory("node", "npm")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Up_Killed_ComesBackOnItsPortWithEveryBlockAndItsClock(bool isAnvilKilledToo)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such signals there.
        }

        using TemporaryFolder folder = new();
        ulong newest;
        Uri node;
        using (Process process = StartUp(folder, 0))
        {
            node = await NodeAsync(process);
            CommandLineResult moved = await CommandLine.RunAsync(
                "chain", "advance", "10d", "--rpc", $"{node}", "--json");
            Assert.Equal((0, ""), (moved.ExitCode, moved.Error));
            newest = (ulong)JsonNode.Parse(moved.Output)!["block"]!;
            await UntilKeptAsync(folder["chain/state.json"], newest);
            await KillAsync(process, isAnvilKilledToo);
            await process.WaitForExitAsync().WaitAsync(CommandLine.LongestRun);
        }

        using Process again = StartUp(folder, node.Port); // At once: the port may need a moment, and the lock is stale.
        try
        {
            Assert.Equal(node, await NodeAsync(again));
            using EthereumClient client = new(node);
            Block block = await client.GetBlockAsync();
            Assert.Equal(newest, block.Number); // The market is there: it is not deployed anew.
            Assert.InRange(await client.GetNextTimestampAsync(), block.Timestamp, block.Timestamp + 3600);
        }
        finally
        {
            await KillAsync(again, isAnvilKilledToo);
        }
    }

    [RequiresFact("node", "npm")]
    public async Task Up_AnvilDies_EndsWithOneLineThatSaysWhatIsKept()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such signals there.
        }

        using TemporaryFolder folder = new();
        using Process process = StartUp(folder, 0);
        await NodeAsync(process);
        await UntilKeptAsync(folder["chain/state.json"], 1);

        int anvil = await ChildAsync(await ChildAsync(process.Id));
        await ShellAsync($"kill -KILL {anvil}");
        CommandLineResult end = await CommandLine.FinishAsync(process);

        Assert.Equal(1, end.ExitCode);
        string line = end.Error.Trim().Split('\n')[^1];
        Assert.Equal(
            $"anvil, which runs the chain, has ended; the chain is kept in {folder["chain/state.json"]} up to block 1. "
            + "research chain up runs it again.",
            line);
    }

    [RequiresFact("node", "npm")]
    public async Task Up_FileThatRuns_SaysSo()
    {
        using TemporaryFolder folder = new();
        using Process process = StartUp(folder, 0);
        try
        {
            await NodeAsync(process);

            CommandLineResult second = await CommandLine.RunAsync("chain", "up", "--state", folder["chain/state.json"]);

            Assert.Equal(1, second.ExitCode);
            Assert.Equal(
                $"--state: another chain runs with {folder["chain/state.json"]}; name another file.\n", second.Error);
        }
        finally
        {
            process.Kill();
        }
    }

    [RequiresFact("node", "npm")]
    public async Task Up_PortInUse_IsOneLine()
    {
        using TemporaryFolder folder = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        CommandLineResult result = await CommandLine.RunAsync(
            "chain", "up", "--state", folder["state.json"], "--port", $"{port}");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"Port {port} is in use", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
    }

    [RequiresTheory("node", "npm")]
    [InlineData("")]
    [InlineData("{\"block\":{\"number\"")]
    [InlineData("{}")]
    public async Task Up_DamagedFile_IsOneLineAndLeavesIt(string text)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("state.json", text);

        CommandLineResult result = await CommandLine.RunAsync("chain", "up", "--state", file, "--port", "0");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(file, Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Process StartUp(TemporaryFolder folder, int port)
    {
        NodeTools.EnsureInstalled();
        Environment.SetEnvironmentVariable("RESEARCH_ANVIL", NodeTools.Anvil);
        return CommandLine.Start(
            folder.Path, "chain", "up", "--state", folder["chain/state.json"], "--accounts", "2", "--port", $"{port}",
            "--json");
    }

    private static async Task<Uri> NodeAsync(Process process)
    {
        string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(CommandLine.LongestRun);
        return new Uri((string)JsonNode.Parse(line ?? await process.StandardError.ReadToEndAsync())!["rpc"]!);
    }

    private static async Task UntilKeptAsync(string file, ulong block)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!File.Exists(file)
            || (ulong)JsonNode.Parse(await File.ReadAllTextAsync(file))!["best_block_number"]! < block)
        {
            Assert.True(watch.Elapsed < CommandLine.LongestRun, $"block {block} is not kept after {watch.Elapsed}");
            await Task.Delay(20);
        }
    }

    // The command's child is the watchdog's shell, and that one's is anvil.
    private static async Task KillAsync(Process process, bool isAnvilToo)
    {
        int anvil = await ChildAsync(await ChildAsync(process.Id));
        await ShellAsync($"kill -KILL {process.Id} {(isAnvilToo ? $"{anvil}" : "")}");
    }

    private static async Task<int> ChildAsync(int parent) => int.Parse(
        await ShellAsync($"ps -A -o pid= -o ppid= | awk '$2 == {parent} {{ print $1 }}'"),
        NumberStyles.AllowTrailingWhite,
        CultureInfo.InvariantCulture);

    private static async Task<string> ShellAsync(string command)
    {
        using Process shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private static async Task<(JsonNode Up, CommandLineResult End)> RunAsync(
        TemporaryFolder folder, string signal, Func<JsonNode, Task> use)
    {
        Environment.SetEnvironmentVariable("RESEARCH_ANVIL", NodeTools.Anvil);
        using Process process = CommandLine.Start(
            folder.Path, "chain", "up", "--state", folder["chain/state.json"], "--accounts", "2", "--port", "0",
            "--json");
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(CommandLine.LongestRun);
            JsonNode up = JsonNode.Parse(line!)!;
            await use(up);
            using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
            await kill.WaitForExitAsync();
            CommandLineResult end = await CommandLine.FinishAsync(process);
            using EthereumClient client = new(new Uri((string)up["rpc"]!));
            await Assert.ThrowsAsync<RpcConnectionException>(() => client.GetChainIdAsync());
            return (up, end);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
