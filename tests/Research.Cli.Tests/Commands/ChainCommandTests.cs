using System.Diagnostics;
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
