using Research.Chain.Rpc;

namespace Research.Chain;

/// <summary>Moves the clock of a development node, which goes on from there in real time.</summary>
internal static class ChainClock
{
    /// <summary>The last second of the year 9999, after which no calendar of .NET's goes on.</summary>
    public const ulong End = 253_402_300_799;

    /// <summary>Mines a block at a time.</summary>
    /// <param name="client">The node's.</param>
    /// <param name="timestamp">Unix seconds, not before the newest block and not after <see cref="End"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RpcException">The node is none for development, or its newest block is later.</exception>
    public static async Task MineAtAsync(EthereumClient client, ulong timestamp, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timestamp, End);
        await client.ReadAsync("evm_setNextBlockTimestamp", [timestamp], cancellationToken).ConfigureAwait(false);
        await client.ReadAsync("evm_mine", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets the clock of a chain that was loaded, which anvil starts anew, so that it does not run
    /// backwards.</summary>
    /// <param name="client">anvil's; it must not mine meanwhile.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task ResumeAsync(EthereumClient client, CancellationToken cancellationToken)
    {
        Block newest = await client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false);
        ulong now = (ulong)Math.Max(0, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await client.ReadAsync("evm_setTime", [Math.Max(now, newest.Timestamp)], cancellationToken)
            .ConfigureAwait(false);
    }
}
