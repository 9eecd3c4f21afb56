using System.Diagnostics;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Cli.Demo;

/// <summary>Writes down each transaction of a demo, and how long the chain was waited for.</summary>
internal sealed class DemoChainLog
{
    private readonly List<DemoTransaction> _transactions = [];
    private readonly Dictionary<string, Wei> _fees = [];
    private readonly Stopwatch _waiting = new();

    public IReadOnlyList<DemoTransaction> Transactions => _transactions;

    public TimeSpan Waiting => _waiting.Elapsed;

    /// <summary>Gets the fees that a sender has paid.</summary>
    public Wei FeesOf(string sender) => _fees.GetValueOrDefault(sender);

    /// <summary>Runs something that only waits for the chain.</summary>
    public async Task<T> TimeAsync<T>(Func<Task<T>> work)
    {
        _waiting.Start();
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _waiting.Stop();
        }
    }

    /// <inheritdoc cref="TimeAsync{T}"/>
    public async Task TimeAsync(Func<Task> work)
    {
        _waiting.Start();
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            _waiting.Stop();
        }
    }

    /// <summary>Sends a transaction, waits for it and writes it down.</summary>
    /// <remarks>A step that sends nothing, because there is nothing to be had, is not written down.</remarks>
    public async Task SendAsync(string sender, string step, int? round, Func<Task<TransactionReceipt?>> send)
    {
        if (await TimeAsync(send).ConfigureAwait(false) is { } receipt)
        {
            Add(sender, step, round, receipt);
        }
    }

    public void Add(string sender, string step, int? round, TransactionReceipt receipt)
    {
        _fees[sender] = FeesOf(sender) + receipt.Fee;
        _transactions.Add(new DemoTransaction(
            receipt.TransactionHash.ToString(), sender, step, round + 1, receipt.BlockNumber, receipt.GasUsed));
    }
}
