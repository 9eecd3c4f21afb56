using System.Diagnostics;
using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Storage;
using Research.Training;

namespace Research.Market.Watching;

/// <summary>
/// Looks after tasks: scores their rounds, refutes claims that say otherwise, answers for those that do not, and ends rounds.
/// </summary>
/// <remarks>
/// A pass derives everything from the chain, the store and the own folder, and does all that can be done now: a watcher that is
/// killed at any point and started again goes on where it was, and so it does after a node was away or blocks were replaced.
/// What other watchers do at the same time makes some of its transactions fail; the next pass sees what became of it.
/// </remarks>
public sealed class Watcher : IDisposable
{
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(5);

    private readonly TrainingMarket _market;
    private readonly IBlobStore _store;
    private readonly string _folder;
    private readonly WatchOptions _options;
    private readonly WatchLock _lock;
    private readonly Dictionary<ulong, WatchedTask> _tasks = [];
    private readonly Dictionary<ulong, (string Why, long Since)> _refused = [];

    /// <summary>Takes the folder; one watcher of an account at a time has it.</summary>
    /// <param name="market">The market, with the account that signs and pays.</param>
    /// <param name="store">The store that holds the tasks' blobs.</param>
    /// <param name="folder">The watcher's own folder: what opens its seals lies there.</param>
    /// <param name="options">How to go about it; null for the usual way.</param>
    /// <exception cref="ArgumentException">The market has no account that signs.</exception>
    /// <exception cref="MarketException">Another watcher has the folder.</exception>
    public Watcher(TrainingMarket market, IBlobStore store, string folder, WatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(folder);
        if (market.Account is null)
        {
            throw new ArgumentException("Expected a market with an account that signs.", nameof(market));
        }

        (_market, _store, _folder, _options) = (market, store, folder, options ?? new WatchOptions());
        _lock = WatchLock.Take(folder, market.Account.Address, TimeProvider.System);
    }

    /// <summary>Looks at tasks once, and does all that can be done now.</summary>
    /// <param name="tasks">The tasks; null for all of the market.</param>
    /// <param name="progress">Hears of each event as it happens; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two steps, not a transaction already sent.</param>
    /// <returns>What it did and saw, in order.</returns>
    public async Task<IReadOnlyList<WatchEvent>> PassAsync(
        IReadOnlyList<ulong>? tasks = null,
        IProgress<WatchEvent>? progress = null,
        CancellationToken cancellationToken = default)
    {
        WatchLog log = new(progress);
        try
        {
            ulong count = await _market.TaskCountAsync(cancellationToken).ConfigureAwait(false);
            for (ulong id = 1; id <= count; id++)
            {
                if (tasks is null || tasks.Contains(id))
                {
                    await LookAsync(id, log, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (RpcConnectionException e)
        {
            log.Add(new WatchEvent(WatchAction.NodeAway) { Why = e.Message });
        }
        catch (Exception e) when (WatchLog.IsExpected(e))
        {
            log.Add(new WatchEvent(WatchAction.Failed) { Why = e.Message });
        }

        return log.Events;
    }

    /// <summary>Lets go of the folder and of what was scored.</summary>
    public void Dispose()
    {
        foreach (WatchedTask task in _tasks.Values)
        {
            task.Dispose();
        }

        _lock.Dispose();
    }

    private async Task LookAsync(ulong id, WatchLog log, CancellationToken cancellationToken)
    {
        WatchedTask? task = null;
        await log.TryAsync(id, null, async () => task = await LoadAsync(id, log, cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false);
        if (task is null)
        {
            return;
        }

        await log.TryAsync(id, null, async () =>
        {
            ulong now = await _market.NextTimestampAsync(cancellationToken).ConfigureAwait(false);
            Terms terms = (await _market.GetTaskAsync(id, cancellationToken).ConfigureAwait(false)).Terms;
            for (int round = 0; round < terms.Rounds && now >= terms.ScheduleOf(round).Answer; round++)
            {
                if (!task.Done.Contains(round))
                {
                    await log.TryAsync(id, round, () => new RoundPass(task, round, log).RunAsync(cancellationToken))
                        .ConfigureAwait(false);
                }
            }
        }).ConfigureAwait(false);
    }

    private async Task<WatchedTask?> LoadAsync(ulong id, WatchLog log, CancellationToken cancellationToken)
    {
        if (_tasks.TryGetValue(id, out WatchedTask? known))
        {
            return known;
        }

        if (_refused.TryGetValue(id, out (string Why, long Since) refused)
            && Stopwatch.GetElapsedTime(refused.Since) < RefusedFor)
        {
            log.Add(new WatchEvent(WatchAction.Skipped, id) { Why = refused.Why });
            return null;
        }

        try
        {
            OpenTask open = await OpenTask.LoadAsync(_market, _store, id, cancellationToken).ConfigureAwait(false);
            return _tasks[id] = new WatchedTask(open, _market, _folder, _options);
        }
        catch (Exception e) when (e is MarketException or StoreException or InvalidDataException or SpecException)
        {
            if (e is InvalidDataException or SpecException)
            {
                // Terms and specification do not change, but a store that gives another may give the right one later.
                _refused[id] = (e.Message, Stopwatch.GetTimestamp());
            }

            log.Add(new WatchEvent(WatchAction.Skipped, id) { Why = e.Message });
            return null;
        }
    }
}
