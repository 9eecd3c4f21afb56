using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Market;

/// <summary>
/// The block's hash that chooses which of a task's records are opened before anybody commits: written down on chain once, by
/// anybody, while contracts still see it.
/// </summary>
/// <param name="TaskId">The task.</param>
/// <param name="Hash">The hash; null until it is written down.</param>
/// <param name="Block">The block whose hash it is: the one after the publication's.</param>
/// <param name="Newest">The newest block now.</param>
public sealed record TaskPin(ulong TaskId, Bytes32? Hash, ulong Block, ulong Newest)
{
    private const ulong Remembered = 256; // Blocks whose hashes a contract sees.

    /// <summary>Gets the last block in which it can be written down.</summary>
    public ulong Last => Block + Remembered;

    /// <summary>Gets whether a transaction sent now could write it down.</summary>
    public bool IsDue => Hash is null && Newest >= Block && Newest < Last;

    /// <summary>Gets whether nobody wrote it down in time: the task's rounds cannot be scored.</summary>
    public bool IsMissed => Hash is null && Newest >= Last;

    /// <summary>Looks whether it is written down.</summary>
    /// <param name="market">The market.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">It is written down, but not as deep as confirmations ask.</exception>
    public static async Task<TaskPin> FindAsync(
        TrainingMarket market, ulong taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        IReadOnlyList<TaskPublished> published =
            await market.Events.TaskPublishedAsync(taskId, cancellationToken).ConfigureAwait(false);
        Bytes32? hash = await market.PinOfAsync(taskId, cancellationToken).ConfigureAwait(false);
        ulong newest = await market.Client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        int confirmations = market.Client.Options.Confirmations;
        if (hash is not null && confirmations > 1)
        {
            IReadOnlyList<Pinned> pinned =
                await market.Events.PinnedAsync(taskId, cancellationToken).ConfigureAwait(false);
            ulong depth = pinned.Count == 0 ? 0 : newest + 1 - pinned[0].Log.BlockNumber;
            if (depth < (ulong)confirmations)
            {
                throw new MarketException(
                    $"Which of task {taskId}'s records are opened was written down {depth} blocks ago: expected "
                    + $"{confirmations} or more. Try again then.");
            }
        }

        if (published.Count == 0)
        {
            throw new MissingEventsException(
                $"The publication of task {taskId} is not among the events that the node gives: ask one that keeps its logs.");
        }

        return new TaskPin(taskId, hash, published[0].Log.BlockNumber + 1, newest);
    }

    /// <summary>Writes it down, where nobody has.</summary>
    /// <param name="market">The market, with any account that signs.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where it is written down already.</returns>
    /// <exception cref="MarketException">The block is not there yet, or it is too late.</exception>
    public static async Task<TransactionReceipt?> WriteAsync(
        TrainingMarket market, ulong taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        TaskPin before = await FindAsync(market, taskId, cancellationToken).ConfigureAwait(false);
        if (before.Hash is not null)
        {
            return null;
        }

        if (!before.IsDue)
        {
            throw before.Missing();
        }

        try
        {
            return await market.PinAsync(taskId, cancellationToken).ConfigureAwait(false);
        }
        catch (RevertException)
        {
            // Somebody was faster, or it is too late.
            Bytes32? now = await market.PinOfAsync(taskId, cancellationToken).ConfigureAwait(false);
            return now is null ? throw before.Missing() : null;
        }
    }

    /// <summary>Gets the hash.</summary>
    /// <exception cref="MarketException">Nobody has written it down.</exception>
    public Bytes32 Require() => Hash ?? throw Missing();

    private MarketException Missing()
    {
        string what = $"Which of task {TaskId}'s records are opened before anybody commits follows from the hash of block "
            + $"{Block}, the one after the publication";
        return new MarketException(
            Newest < Block
                ? $"{what}: expected the chain at block {Block} or later, it is at {Newest}. Try again then."
            : IsMissed
                ? $"{what}, which nobody wrote down on chain until block {Last}: now nobody can. No keys can be opened, and "
                    + "the pool will be burned. Leave the task alone."
                : $"{what}, which nobody has written down on chain yet. The sponsor does so by opening the sample; anybody "
                    + $"can, by research task pin {TaskId}, until block {Last} (the chain is at {Newest}).");
    }
}
