using System.Diagnostics;
using System.Globalization;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Benchmarks;

/// <summary>Signatures, sends and the first answer of the chain client, on anvil.</summary>
/// <remarks>
/// It uses what the client has had since its first version, so that <c>compare-chain.py</c> can build it beside any
/// commit and run the two in turn.
/// </remarks>
internal static class ChainBenchmark
{
    private const int Transfers = 1024;
    private const int Sends = 101;

    /// <summary>Prints a JSON line a measurement; with a node's address only its newest block.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        if (arguments is [string node])
        {
            using EthereumClient client = new(new Uri(node));
            await output.WriteLineAsync($"{await client.GetBlockNumberAsync()}");
            return 0;
        }

        DevChain chain = await DevChain.StartAsync();
        await using (chain)
        {
            Write(output, "signatures", SignaturesPerSecond(chain.Accounts[0]), "per second");
            await SendsAsync(chain, output);
            await TransfersAsync(chain, output);
        }

        return 0;
    }

    private static double SignaturesPerSecond(PrivateKeyAccount account)
    {
        Eip1559Transaction transaction = new(
            DevChain.ChainId, 0, new Wei(1_000_000_000), new Wei(2_000_000_000), 21_000, account.Address, Wei.Zero, default);
        double best = 0;
        ulong nonce = 0;
        for (int repetition = 0; repetition < 5; repetition++)
        {
            int count = 0;
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5)
            {
                account.SignTransaction(transaction with { Nonce = nonce++ });
                count++;
            }

            best = Math.Max(best, count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static async Task SendsAsync(DevChain chain, TextWriter output)
    {
        CallRequest request = new() { To = chain.Accounts[1].Address, Value = new Wei(1_000_000_000) };
        double[] milliseconds = new double[Sends];
        for (int i = -20; i < Sends; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await chain.Client.SendAsync(chain.Accounts[0], request);
            if (i >= 0)
            {
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(milliseconds);
        Write(output, "send-and-receipt", milliseconds[Sends / 2], "ms median");
    }

    // All at once, as a program with many payments does; the client gives the nonces.
    private static async Task TransfersAsync(DevChain chain, TextWriter output)
    {
        CallRequest request = new() { To = chain.Accounts[1].Address, Value = new Wei(1_000_000_000) };
        long start = Stopwatch.GetTimestamp();
        TransactionReceipt[] receipts = await Task.WhenAll(
            Enumerable.Range(0, Transfers).Select(_ => chain.Client.SendAsync(chain.Accounts[2], request)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int mined = receipts.Where(receipt => receipt.Succeeded).DistinctBy(receipt => receipt.TransactionHash).Count();
        if (mined != Transfers)
        {
            throw new InvalidOperationException($"Expected {Transfers} transfers, got {mined}.");
        }

        Write(output, "transfers-1024-one-account", seconds, "s");
    }

    private static void Write(TextWriter output, string name, double value, string unit) => output.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"bench\":\"chain\",\"model\":\"{name}\",\"value\":{value:0.###},\"unit\":\"{unit}\"}}"));
}
