using Nethereum.ABI.FunctionEncoding.Attributes;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>What happened on a <see cref="TrainingMarket"/>, found by its events: all of it, or an exception.</summary>
/// <remarks>
/// Each query throws <see cref="MissingEventsException"/> where the range of blocks begins after what is asked for, or
/// the node has forgotten it.
/// </remarks>
public sealed class MarketEvents
{
    private readonly ContractConnection _connection;

    internal MarketEvents(ContractConnection connection) => _connection = connection;

    /// <summary>Finds, oldest first, where a task was published and its pool locked.</summary>
    /// <param name="taskId">The task; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<TaskPublished>> TaskPublishedAsync(
        ulong? taskId = null, CancellationToken cancellationToken = default)
    {
        if (taskId is ulong one)
        {
            return await TaskAsync<Generated.TaskPublishedEventDTO, TaskPublished>(
                one, null, TaskPublished.From, cancellationToken).ConfigureAwait(false);
        }

        ulong count = await CountAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<TaskPublished> found = await _connection.EventsAsync(
            [], (Func<Generated.TaskPublishedEventDTO, EventLog, TaskPublished>)TaskPublished.From, cancellationToken)
            .ConfigureAwait(false);
        HashSet<ulong> ids = [.. found.Select(task => task.TaskId)];
        for (ulong id = 1; id <= count; id++)
        {
            if (!ids.Contains(id))
            {
                throw _connection.Missing($"the publication of task {id} of {count}");
            }
        }

        return found;
    }

    /// <summary>Finds, oldest first, where a participant committed to an update.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Committed>> CommittedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.CommittedEventDTO, Committed>(taskId, round, Committed.From, cancellationToken);

    /// <summary>Finds, oldest first, where a participant revealed a committed update.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<Revealed>> RevealedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Revealed> found = await TaskAsync<Generated.RevealedEventDTO, Revealed>(
            taskId, round, Revealed.From, cancellationToken).ConfigureAwait(false);
        RequireGapless(taskId, "reveal", found.Select(reveal => (reveal.Round, reveal.Index)));
        return found;
    }

    /// <summary>Finds, oldest first, where a piece of an update was shown, on demand or in its reveal.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<UpdateShown>> UpdateShownAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.UpdateShownEventDTO, UpdateShown>(taskId, round, UpdateShown.From, cancellationToken);

    /// <summary>Finds, oldest first, where a piece of an update was demanded.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Demanded>> DemandedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.DemandedEventDTO, Demanded>(taskId, round, Demanded.From, cancellationToken);

    /// <summary>Finds, oldest first, where a fee whose demand was not answered went back.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<FeeReturned>> FeeReturnedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.FeeReturnedEventDTO, FeeReturned>(taskId, round, FeeReturned.From, cancellationToken);

    /// <summary>Finds, oldest first, where evaluation keys were opened.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<KeysOpened>> KeysOpenedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<KeysOpened> found = await TaskAsync<Generated.KeysOpenedEventDTO, KeysOpened>(
            taskId, round, KeysOpened.From, cancellationToken).ConfigureAwait(false);
        RequireGapless(taskId, "key chunk", found.Select(opened => (opened.Round, opened.Chunk)));
        return found;
    }

    /// <summary>Finds, oldest first, where a sealed claim was taken and its bond locked.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<ClaimSealed>> ClaimSealedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.ClaimSealedEventDTO, ClaimSealed>(taskId, round, ClaimSealed.From, cancellationToken);

    /// <summary>Finds, oldest first, where a sealed claim was opened.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<ClaimPosted>> ClaimPostedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ClaimPosted> found = await TaskAsync<Generated.ClaimPostedEventDTO, ClaimPosted>(
            taskId, round, ClaimPosted.From, cancellationToken).ConfigureAwait(false);
        RequireGapless(taskId, "claim", found.Select(posted => (posted.Round, posted.Place)));
        return found;
    }

    /// <summary>Finds, oldest first, where a round's outcome was fixed.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<RoundFinalised>> RoundFinalisedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.RoundFinalisedEventDTO, RoundFinalised>(
            taskId, round, RoundFinalised.From, cancellationToken);

    /// <summary>Finds, oldest first, where a reward was paid.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<RewardPaid>> RewardPaidAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.RewardPaidEventDTO, RewardPaid>(taskId, round, RewardPaid.From, cancellationToken);

    /// <summary>Finds, oldest first, where a claimant's bond went back, with its part of the audit fee.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<BondPaid>> BondPaidAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.BondPaidEventDTO, BondPaid>(taskId, round, BondPaid.From, cancellationToken);

    /// <summary>Finds, oldest first, where a refuted claim's bond was lost.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<BondLost>> BondLostAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.BondLostEventDTO, BondLost>(taskId, round, BondLost.From, cancellationToken);

    /// <summary>Finds where the hash that chooses a task's records was written down: once, or never.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Pinned>> PinnedAsync(ulong taskId, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.PinnedEventDTO, Pinned>(taskId, null, Pinned.From, cancellationToken);

    /// <summary>
    /// Finds, oldest first, where an empty round's part of the pool and its audit fee went back to the sponsor.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Refunded>> RefundedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.RefundedEventDTO, Refunded>(taskId, round, Refunded.From, cancellationToken);

    /// <summary>Finds, oldest first, where a participant took its stake back.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<StakePaid>> StakePaidAsync(
        ulong taskId, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.StakePaidEventDTO, StakePaid>(taskId, null, StakePaid.From, cancellationToken);

    /// <summary>
    /// Finds, oldest first, where a stake was burned: its commitment was not revealed, or its update not shown on
    /// demand.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<StakeBurned>> StakeBurnedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.StakeBurnedEventDTO, StakeBurned>(taskId, round, StakeBurned.From, cancellationToken);

    private void RequireGapless(ulong taskId, string what, IEnumerable<(int Round, int Number)> found)
    {
        foreach (IGrouping<int, int> numbers in found.GroupBy(one => one.Round, one => one.Number))
        {
            // The contract numbers them without a gap: one that a node leaves out shows.
            int next = numbers.Select((number, i) => number == i).TakeWhile(isNext => isNext).Count();
            if (next < numbers.Count())
            {
                throw _connection.Missing($"{what} {next} of round {numbers.Key} of task {taskId}");
            }
        }
    }

    private async Task<IReadOnlyList<TEvent>> TaskAsync<TMessage, TEvent>(
        ulong taskId, int? round, Func<TMessage, EventLog, TEvent> read, CancellationToken cancellationToken)
        where TMessage : class, IEventDTO, new()
    {
        if (taskId <= await CountAsync(cancellationToken).ConfigureAwait(false))
        {
            _ = await _connection.SpecHashOfAsync(taskId, cancellationToken).ConfigureAwait(false);
        }

        return await _connection.EventsAsync(
            [
                ContractConnection.ToWord(taskId),
                .. round is int number ? [ContractConnection.ToWord((ulong)number)] : (Bytes32?[])[],
            ],
            read,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<ulong> CountAsync(CancellationToken cancellationToken) =>
        (await _connection.CallAsync<Generated.TaskCountFunction, Generated.TaskCountOutputDTO>(
            new(), cancellationToken).ConfigureAwait(false)).ReturnValue1.ToUInt64();
}
