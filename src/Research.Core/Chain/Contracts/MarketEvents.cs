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
        foreach (IGrouping<int, Revealed> reveals in found.GroupBy(reveal => reveal.Round))
        {
            // The contract numbers them without a gap: one that a node leaves out shows.
            int next = reveals.Select((reveal, i) => reveal.Index == i).TakeWhile(isNext => isNext).Count();
            if (next < reveals.Count())
            {
                throw _connection.Missing($"reveal {next} of round {reveals.Key} of task {taskId}");
            }
        }

        return found;
    }

    /// <summary>Finds, oldest first, where a result was posted for a round.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<ScorePosted>> ScorePostedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.ScorePostedEventDTO, ScorePosted>(taskId, round, ScorePosted.From, cancellationToken);

    /// <summary>Finds, oldest first, where a posted result was challenged.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Challenged>> ChallengedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.ChallengedEventDTO, Challenged>(taskId, round, Challenged.From, cancellationToken);

    /// <summary>Finds, oldest first, where a round's outcome was fixed and its bonds credited.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Finalised>> FinalisedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.FinalisedEventDTO, Finalised>(taskId, round, Finalised.From, cancellationToken);

    /// <summary>Finds, oldest first, where a reward was paid, by proof or by default split.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Claimed>> ClaimedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.ClaimedEventDTO, Claimed>(taskId, round, Claimed.From, cancellationToken);

    /// <summary>Finds, oldest first, where what was left of a pool went back to the sponsor.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Refunded>> RefundedAsync(
        ulong taskId, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.RefundedEventDTO, Refunded>(taskId, null, Refunded.From, cancellationToken);

    /// <summary>Finds, oldest first, where a participant took its stake back.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<StakeWithdrawn>> StakeWithdrawnAsync(
        ulong taskId, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.StakeWithdrawnEventDTO, StakeWithdrawn>(taskId, null, StakeWithdrawn.From, cancellationToken);

    /// <summary>
    /// Finds, oldest first, where a stake was forfeited to the sponsor's credit because a commitment was not revealed.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<StakeForfeited>> StakeForfeitedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        TaskAsync<Generated.StakeForfeitedEventDTO, StakeForfeited>(taskId, round, StakeForfeited.From, cancellationToken);

    /// <summary>Finds, oldest first, where an account pulled its credit.</summary>
    /// <param name="account">The account; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<Withdrawn>> WithdrawnAsync(
        Address? account = null, CancellationToken cancellationToken = default)
    {
        if (await CountAsync(cancellationToken).ConfigureAwait(false) > 0)
        {
            await _connection.RequireCompleteAsync(1, cancellationToken).ConfigureAwait(false); // Credit comes of tasks.
        }

        Bytes32? word = account is Address one ? new Bytes32([.. new byte[12], .. one.ToArray()]) : null;
        return await _connection.EventsAsync(
            [word], (Func<Generated.WithdrawnEventDTO, EventLog, Withdrawn>)Withdrawn.From, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<TEvent>> TaskAsync<TMessage, TEvent>(
        ulong taskId, int? round, Func<TMessage, EventLog, TEvent> read, CancellationToken cancellationToken)
        where TMessage : class, IEventDTO, new()
    {
        if (taskId <= await CountAsync(cancellationToken).ConfigureAwait(false))
        {
            await _connection.RequireCompleteAsync(taskId, cancellationToken).ConfigureAwait(false);
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
        (await _connection.CallAsync<Generated.TaskCountFunction, Generated.TaskCountOutputDTO>(new(), cancellationToken)
            .ConfigureAwait(false)).ReturnValue1.ToUInt64();
}
