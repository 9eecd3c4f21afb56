using Research.Chain;
using Research.Chain.Rpc;
using Research.Training;
using Research.Training.Data;

namespace Research.Market.Watching;

/// <summary>What a pass did and saw, in order; and its nets: what fails is noted, and holds up nothing else.</summary>
internal sealed class WatchLog(IProgress<WatchEvent>? progress)
{
    private readonly List<WatchEvent> _events = [];

    public IReadOnlyList<WatchEvent> Events => _events;

    public void Add(WatchEvent happened)
    {
        lock (_events) // Answers are sent at once.
        {
            _events.Add(happened);
            progress?.Report(happened);
        }
    }

    /// <summary>Does something; where it fails, says so. A node that is away ends the pass.</summary>
    public async Task TryAsync(ulong taskId, int? round, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (IsExpected(e))
        {
            Add(new WatchEvent(WatchAction.Failed, taskId, round) { Why = e.Message });
        }
    }

    // What chains, stores and strangers' files can do. Of others' doing at the same time, the next pass sees what became.
    internal static bool IsExpected(Exception exception) => exception
        is MarketException
        or (ChainException and not RpcConnectionException)
        or TimeoutException
        or IOException
        or UnauthorizedAccessException
        or InvalidDataException
        or DataFormatException
        or SpecException;
}
