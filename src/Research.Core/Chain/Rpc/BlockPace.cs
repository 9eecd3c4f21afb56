namespace Research.Chain.Rpc;

/// <summary>Waits for a chain's next block without asking all the time: by how far its blocks lie apart.</summary>
/// <remarks>
/// A development chain mines at once, so the first looks follow one another quickly. A chain on which they were all in
/// vain has a pace, and is asked once a block from then on.
/// </remarks>
internal sealed class BlockPace(EthereumClient client, EthereumClientOptions options)
{
    private const int QuickLooks = 8; // After 1, 2, 4, ... 128 ms: a quarter of a second in all.

    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseWithoutPace = TimeSpan.FromSeconds(1);

    private Block? _newest;
    private TimeSpan _interval;
    private bool _hasPace;

    /// <summary>Learns of the newest block, whoever asked for it.</summary>
    public void Observe(Block block)
    {
        if (_newest is Block before && block.Number > before.Number)
        {
            _interval = (block.Time - before.Time) / (block.Number - before.Number);
        }

        _newest = block;
    }

    /// <summary>Waits before the first look, on a chain that is known not to mine at once.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        _hasPace ? WaitForBlockAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Waits until a new block is likely.</summary>
    /// <param name="look">How many looks were in vain before this one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task WaitAsync(int look, CancellationToken cancellationToken)
    {
        if (!_hasPace && look < QuickLooks)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1 << look), options.Time, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!_hasPace)
        {
            await MeasureAsync(cancellationToken).ConfigureAwait(false);
            _hasPace = true;
        }

        await WaitForBlockAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task WaitForBlockAsync(CancellationToken cancellationToken)
    {
        TimeSpan since = options.Time.GetUtcNow() - _newest!.Time;
        // Where the chain's clock is not ours, the length of its blocks says nothing of when the next one comes.
        bool isOurs = _interval > TimeSpan.Zero && since > -_interval && since < _interval * 1000;
        TimeSpan pause = isOurs
            ? _interval - TimeSpan.FromTicks((since + _interval).Ticks % _interval.Ticks) + Slack
            : PauseWithoutPace;
        return Task.Delay(
            pause < options.LongestPollingPause ? pause : options.LongestPollingPause, options.Time, cancellationToken);
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        Block newest = await client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false); // It tells Observe.
        if (newest.Number > 0)
        {
            Block before = await client.GetBlockAsync(newest.Number - 1, cancellationToken).ConfigureAwait(false);
            _interval = newest.Time - before.Time;
        }
    }
}
