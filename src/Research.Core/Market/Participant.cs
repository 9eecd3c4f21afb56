using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Storage;

namespace Research.Market;

/// <summary>A data owner in a task: commits to an update, reveals it and claims what it earned.</summary>
/// <remarks>
/// The update and the salt are on disk before the commitment is sent, in a file named by that commitment, which is
/// never overwritten and is looked for by what stands on chain: a crash at any point loses no stake. The update reaches
/// the shared store only with its reveal, so there is nothing to copy before.
/// </remarks>
/// <param name="task">The task.</param>
/// <param name="market">The market, with the participant's account.</param>
/// <param name="folder">The participant's own folder, for what must not be shared yet.</param>
public sealed class Participant(OpenTask task, TrainingMarket market, string folder)
{
    private readonly FolderStore _own = new(Path.Combine(folder, "updates"));
    private readonly string _pending = Path.Combine(folder, "pending");

    /// <summary>Gets the participant's address.</summary>
    public Address Address { get; } = market.Account?.Address
        ?? throw new ArgumentException("Expected a market with an account that signs.", nameof(market));

    /// <summary>Commits to an update, with the stake if none is locked.</summary>
    /// <param name="update">An update for the task's current round.</param>
    /// <param name="salt">The secret salt; drawn here when left out. Known salts are for
    /// reproducible demonstrations only.</param>
    /// <param name="allowProof">Where the terms have a list: the siblings of this account.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where this very update was committed to before.</returns>
    /// <exception cref="MarketException">The account has committed to another update in this round, or nobody has written
    /// down which records are opened (<see cref="TaskPin"/>).</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<TransactionReceipt?> CommitAsync(
        ModelUpdate update,
        Bytes32? salt = null,
        IReadOnlyList<Bytes32>? allowProof = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        Position before = await market.PositionOfAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        if (before.Standing == Standing.Committed && before.Round == update.Round)
        {
            await RequireSameAsync(update, before.Word, cancellationToken).ConfigureAwait(false);
            return null;
        }

        // Who commits before could be dealt records by whoever sees what was committed; and without it nobody is paid.
        TaskPin pin = await TaskPin.FindAsync(market, task.Id, cancellationToken).ConfigureAwait(false);
        _ = pin.Require();
        PendingReveal pending = new(
            market.Address.ToString(),
            task.Id,
            update.Round,
            Address.ToString(),
            update.Root.ToBytes32().ToString(),
            update.Hash.ToBytes32().ToString(),
            (salt ?? Bytes32.Random()).ToString());
        Bytes24 commitment = await market.CommitmentHashAsync(
            task.Id, update.Round, Address, pending.RootWord, pending.SaltWord, cancellationToken)
            .ConfigureAwait(false);
        await _own.PutAsync(update.Bytes, cancellationToken).ConfigureAwait(false);
        await _own.PutNamedAsync(NumbersName(pending.RootWord), update.Numbers, cancellationToken).ConfigureAwait(false);
        await PendingFile.SaveAsync(pending, PendingPath(update.Round, commitment), cancellationToken)
            .ConfigureAwait(false);
        await PendingFile.DeleteEndedAsync(task, _pending, PendingName, update.Round, cancellationToken).ConfigureAwait(false);

        Wei stake = await market.StakeDueAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        return await market.CommitAsync(task.Id, commitment, stake, allowProof, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Reveals the committed update: in the transaction itself, or by its name, shared first.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where it is revealed already.</returns>
    /// <exception cref="MarketException">The account has no commitment to reveal in that round, or it is not the time to send
    /// an update; or it is revealed, and no store takes it (<see cref="ShareAsync"/>).</exception>
    /// <exception cref="FileNotFoundException">This folder does not hold what was committed to.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<TransactionReceipt?> RevealAsync(int round, CancellationToken cancellationToken = default)
    {
        Position before = await market.PositionOfAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        if (before.Round == round && before.Standing is Standing.Revealed or Standing.Demanded)
        {
            return null;
        }

        if (before.Standing != Standing.Committed || before.Round != round)
        {
            throw new MarketException(
                $"{Address} has no commitment in round {round + 1} of task {task.Id}: there is nothing to reveal.");
        }

        PendingReveal pending = await PendingAsync(round, before.Word, cancellationToken).ConfigureAwait(false);
        return task.Terms.Delivery == Delivery.Calldata
            ? await RevealWholeAsync(round, pending, cancellationToken).ConfigureAwait(false)
            : await RevealByNameAsync(round, pending, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shares a revealed update that travels by its name; where it is shared, nothing changes.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreException">No store that others can read takes it.</exception>
    public async Task ShareAsync(int round, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Revealed> reveals =
            await market.Events.RevealedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (task.Terms.Delivery == Delivery.Demand
            && reveals.FirstOrDefault(one => one.Participant == Address) is { } own
            && _own.Contains(own.UpdateHash.ToContentHash()))
        {
            byte[] file = await _own.GetAsync(own.UpdateHash.ToContentHash(), cancellationToken).ConfigureAwait(false);
            await task.Store.PutAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Shows the demanded pieces of this participant's update.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>How many pieces were shown.</returns>
    /// <exception cref="MarketException">The account revealed nothing in the round.</exception>
    /// <exception cref="FileNotFoundException">This folder does not hold the update.</exception>
    public async Task<int> AnswerAsync(int round, CancellationToken cancellationToken = default)
    {
        using RoundUpdates updates = await RoundUpdates.FindAsync(task, round, cancellationToken).ConfigureAwait(false);
        Revealed own = updates.Reveals.FirstOrDefault(one => one.Participant == Address)
            ?? throw new MarketException($"{Address} revealed nothing in round {round + 1} of task {task.Id}.");
        byte[] numbers = await NumbersAsync(own.UpdateRoot, cancellationToken).ConfigureAwait(false);
        return await updates.AnswerAsync(market, Address, numbers, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Claims the participant's reward of a round.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="results">What the final claim says: see <see cref="OpenTask.ResultsAsync"/>.</param>
    /// <param name="recipient">Where it goes; this account when left out.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where it earned nothing, or was paid.</returns>
    /// <exception cref="RevertException">The market refused, for example <c>WrongOutcome</c>.</exception>
    public async Task<TransactionReceipt?> ClaimAsync(
        int round, RoundResults results, Address? recipient = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        Reward? own = results.Rewards.FirstOrDefault(reward => reward.Participant == Address);
        if (own is null
            || own.Points == 0
            || await market.IsPaidAsync(task.Id, round, own.Index, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return await market.ClaimRewardAsync(
            task.Id, round, own, results.ProofOf(own), recipient ?? Address, cancellationToken).ConfigureAwait(false);
    }

    private static string NumbersName(Bytes32 root) => $"numbers-{Convert.ToHexStringLower(root.ToArray())}";

    private Task<byte[]> NumbersAsync(Bytes32 root, CancellationToken cancellationToken) =>
        _own.GetNamedAsync(NumbersName(root), task.Terms.UpdateBytes, cancellationToken);

    private string PendingName(int round) =>
        string.Create(CultureInfo.InvariantCulture, $"{market.Address}-{task.Id}-{round}-{Address}");

    private string PendingPath(int round, Bytes24 commitment) =>
        Path.Combine(_pending, $"{PendingName(round)}-{commitment}.json");

    private async Task<PendingReveal> PendingAsync(int round, Bytes24 commitment, CancellationToken cancellationToken)
    {
        string path = PendingPath(round, commitment);
        return await PendingFile.LoadAsync<PendingReveal>(path, "a pending reveal", cancellationToken)
            .ConfigureAwait(false)
            ?? throw new FileNotFoundException(
                $"{Address} has commitment {commitment} in round {round + 1} of task {task.Id}, but its salt is "
                + $"not in {path}. Name the folder that it was committed from: without the salt the stake is lost.",
                path);
    }

    private async Task RequireSameAsync(ModelUpdate update, Bytes24 commitment, CancellationToken cancellationToken)
    {
        PendingReveal? kept = await PendingFile.LoadAsync<PendingReveal>(
            PendingPath(update.Round, commitment), "a pending reveal", cancellationToken).ConfigureAwait(false);
        if (kept?.RootWord != update.Root.ToBytes32())
        {
            throw new MarketException(
                $"{Address} has committed to another update in round {update.Round + 1} of task {task.Id} already; "
                + "reveal that when the reveal window is open.");
        }
    }

    private async Task<TransactionReceipt> RevealWholeAsync(
        int round, PendingReveal pending, CancellationToken cancellationToken)
    {
        // The transaction carries the update: it must not leave this machine while somebody can still commit to a copy.
        ulong now = await market.NextTimestampAsync(cancellationToken).ConfigureAwait(false);
        if (task.Terms.PositionAt(now) != new TaskPosition(round, Phase.Reveal))
        {
            Schedule schedule = task.Terms.ScheduleOf(round);
            throw new MarketException(
                $"Round {round + 1} of task {task.Id} takes reveals from {UnixTime.Text(schedule.Reveal)} to "
                + $"{UnixTime.Text(schedule.Answer)}; on chain it is {UnixTime.Text(now)}. Nothing was sent.");
        }

        // Its own files are enough: nobody else's, deleted, costs a stake.
        byte[] numbers = await NumbersAsync(pending.RootWord, cancellationToken).ConfigureAwait(false);
        return await market.RevealWholeAsync(task.Id, numbers, pending.SaltWord, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<TransactionReceipt> RevealByNameAsync(
        int round, PendingReveal pending, CancellationToken cancellationToken)
    {
        byte[] file = await _own.GetAsync(pending.FileWord.ToContentHash(), cancellationToken).ConfigureAwait(false);
        TaskPosition now = await market.PhaseOfAsync(task.Id, cancellationToken).ConfigureAwait(false);
        bool isShared = false;
        if (now == new TaskPosition(round, Phase.Reveal))
        {
            // Shared first, so that a crash leaves no revealed update that nobody can fetch; but never while somebody
            // can still commit, and so copy it. A store that is away must not cost the stake: what is not shared can be
            // demanded and answered.
            isShared = await TryShareAsync(file, cancellationToken).ConfigureAwait(false) is null;
        }

        TransactionReceipt receipt = await market
            .RevealAsync(task.Id, pending.RootWord, pending.FileWord, pending.SaltWord, cancellationToken)
            .ConfigureAwait(false);
        if (!isShared && await TryShareAsync(file, cancellationToken).ConfigureAwait(false) is { } unshared)
        {
            throw new MarketException(
                $"The update is revealed, by transaction {receipt.TransactionHash}, but nobody can fetch it: "
                + $"{unshared.Message} Reveal again to share it; what is demanded of it can be answered from here in any case.",
                unshared);
        }

        return receipt;
    }

    private async Task<StoreException?> TryShareAsync(byte[] file, CancellationToken cancellationToken)
    {
        try
        {
            await task.Store.PutAsync(file, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (StoreException e)
        {
            return e;
        }
    }
}
