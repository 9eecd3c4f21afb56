using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What happened on a <see cref="TrainingMarket"/>, found by its events.</summary>
public sealed class MarketEvents
{
    private readonly ContractConnection _connection;

    internal MarketEvents(ContractConnection connection) => _connection = connection;

    /// <summary>Finds, oldest first, where a task was published and its pool locked.</summary>
    /// <param name="taskId">The task; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<TaskPublished>> TaskPublishedAsync(
        ulong? taskId = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.TaskPublished, [taskId], TaskPublished.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a participant committed to an update.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Committed>> CommittedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Committed, [taskId, round], Committed.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a participant revealed a committed update.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Revealed>> RevealedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Revealed, [taskId, round], Revealed.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a result was posted for a round.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<ScorePosted>> ScorePostedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.ScorePosted, [taskId, round], ScorePosted.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a posted result was challenged.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Challenged>> ChallengedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Challenged, [taskId, round], Challenged.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a round's outcome was fixed and its bonds credited.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Finalised>> FinalisedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Finalised, [taskId, round], Finalised.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a reward was paid, by proof or by default split.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Claimed>> ClaimedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Claimed, [taskId, round], Claimed.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where what was left of a pool went back to the sponsor.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Refunded>> RefundedAsync(
        ulong taskId, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Refunded, [taskId], Refunded.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where a participant took its stake back.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<StakeWithdrawn>> StakeWithdrawnAsync(
        ulong taskId, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.StakeWithdrawn, [taskId], StakeWithdrawn.FromAbi, cancellationToken);

    /// <summary>
    /// Finds, oldest first, where a stake was forfeited to the sponsor's credit because a commitment was not revealed.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<StakeForfeited>> StakeForfeitedAsync(
        ulong taskId, int? round = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.StakeForfeited, [taskId, round], StakeForfeited.FromAbi, cancellationToken);

    /// <summary>Finds, oldest first, where an account pulled its credit.</summary>
    /// <param name="account">The account; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<IReadOnlyList<Withdrawn>> WithdrawnAsync(
        Address? account = null, CancellationToken cancellationToken = default) =>
        _connection.EventsAsync(MarketAbi.Withdrawn, [account], Withdrawn.FromAbi, cancellationToken);
}
