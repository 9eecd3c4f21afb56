namespace Research.Chain.Rpc;

/// <summary>Waits for a chain's next block without asking all the time: by how far its blocks lie apart.</summary>
internal sealed class BlockPace(EthereumClient client, EthereumClientOptions options)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBlindPause = TimeSpan.FromSeconds(1);

    private Block? _newest;
    private TimeSpan _interval;

    /// <summary>Learns of the newest block, whoever asked for it.</summary>
    public void Observe(Block block)
    {
        if (_newest is Block before && block.Number > before.Number)
        {
            _interval = (block.Time - before.Time) / (block.Number - before.Number);
        }

        _newest = block;
    }

    /// <summary>Waits until a new block is likely.</summary>
    /// <param name="look">How many looks were in vain.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task WaitAsync(int look, CancellationToken cancellationToken)
    {
        if (look == 0)
        {
            await MeasureAsync(cancellationToken).ConfigureAwait(false);
        }

        TimeSpan since = options.Time.GetUtcNow() - _newest!.Time;
        // Of a chain that mines at once, or whose clock is not ours, the pace says nothing.
        bool isSteady = _interval > TimeSpan.Zero && since > -_interval && since < _interval * 1000;
        TimeSpan pause = isSteady
            ? _interval - TimeSpan.FromTicks((since + _interval).Ticks % _interval.Ticks) + Slack
            : TimeSpan.FromMilliseconds(Math.Min(Math.Pow(1.5, look), LongestBlindPause.TotalMilliseconds));
        await Task.Delay(
            pause < options.LongestPollingPause ? pause : options.LongestPollingPause, options.Time, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        bool isFirst = _newest is null || _interval == TimeSpan.Zero;
        Block newest = await client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false); // It tells Observe.
        if (isFirst && _interval == TimeSpan.Zero && newest.Number > 0)
        {
            Block before = await client.GetBlockAsync(newest.Number - 1, cancellationToken).ConfigureAwait(false);
            _interval = newest.Time - before.Time;
        }
    }
}
