namespace Research.Chain.Rpc;

/// <summary>Waits for a chain's next block without asking all the time: by the length of its last one.</summary>
internal sealed class BlockPace(EthereumClient client, EthereumClientOptions options)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBlindPause = TimeSpan.FromSeconds(1);

    private (DateTimeOffset Block, TimeSpan Interval)? _pace;

    /// <summary>Waits until a new block is likely.</summary>
    /// <param name="look">How many looks were in vain.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task WaitAsync(int look, CancellationToken cancellationToken)
    {
        (DateTimeOffset block, TimeSpan interval) = _pace ??= await MeasureAsync(cancellationToken).ConfigureAwait(false);
        TimeSpan since = options.Time.GetUtcNow() - block;
        // Of a chain that mines at once, or whose clock is not ours, the pace says nothing.
        bool isSteady = interval > TimeSpan.Zero && since > -interval && since < interval * 1000;
        TimeSpan blind = TimeSpan.FromMilliseconds(Math.Min(Math.Pow(1.5, look), LongestBlindPause.TotalMilliseconds));
        TimeSpan pause = isSteady
            ? interval - TimeSpan.FromTicks((since + interval).Ticks % interval.Ticks) + Slack
            : blind;
        await Task.Delay(
            pause < options.LongestPollingPause ? pause : options.LongestPollingPause, options.Time, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<(DateTimeOffset Block, TimeSpan Interval)> MeasureAsync(CancellationToken cancellationToken)
    {
        Block newest = await client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false);
        if (newest.Number == 0)
        {
            return (newest.Time, TimeSpan.Zero);
        }

        Block before = await client.GetBlockAsync(newest.Number - 1, cancellationToken).ConfigureAwait(false);
        return (newest.Time, newest.Time - before.Time);
    }
}
