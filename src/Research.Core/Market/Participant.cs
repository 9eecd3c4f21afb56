using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Storage;

namespace Research.Market;

/// <summary>A data owner in a task: commits to an update, reveals it and claims what it earned.</summary>
/// <remarks>
/// The update and the salt are on disk before the commitment is sent, and the commitment on chain is compared with them
/// before anything is overwritten: a crash at any point loses no stake. The update reaches the shared store only with its
/// reveal, so there is nothing to copy before.
/// </remarks>
/// <param name="task">The task.</param>
/// <param name="market">The market, with the participant's account.</param>
/// <param name="folder">The participant's own folder, for what must not be shared yet.</param>
public sealed class Participant(OpenTask task, TrainingMarket market, string folder)
{
    private readonly FolderStore _own = new(Path.Combine(folder, "updates"));

    /// <summary>Gets the participant's address.</summary>
    public Address Address { get; } = market.Account?.Address
        ?? throw new ArgumentException("Expected a market with an account that signs.", nameof(market));

    /// <summary>Commits to an update, with the stake if none is locked.</summary>
    /// <param name="update">An update for the task's current round.</param>
    /// <param name="salt">The secret salt; drawn here when left out. Known salts are for reproducible demonstrations only.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="InvalidOperationException">The account has committed in this round, and can still reveal that.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<TransactionReceipt> CommitAsync(
        ModelUpdate update, Bytes32? salt = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        string path = PendingPath(update.Round);
        await CheckNotCommittedAsync(path, update.Round, cancellationToken).ConfigureAwait(false);

        PendingReveal pending = new(
            market.Address.ToString(),
            task.Id,
            update.Round,
            Address.ToString(),
            update.Hash.ToBytes32().ToString(),
            (salt ?? Bytes32.Random()).ToString());
        await _own.PutAsync(update.Bytes, cancellationToken).ConfigureAwait(false);
        await pending.SaveAsync(path, cancellationToken).ConfigureAwait(false);

        Bytes32 commitment = await HashAsync(pending, cancellationToken).ConfigureAwait(false);
        Wei stake = await market.StakeDueAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        return await market.CommitAsync(task.Id, commitment, stake, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shares the committed update and reveals it.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="FileNotFoundException">This folder holds no commitment for the round.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<TransactionReceipt> RevealAsync(int round, CancellationToken cancellationToken = default)
    {
        string path = PendingPath(round);
        PendingReveal pending = await PendingReveal.LoadAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new FileNotFoundException(
                $"{path}: no commitment of {Address} for task {task.Id}, round {round}, is kept there.", path);
        byte[] update = await _own.GetAsync(pending.UpdateWord.ToContentHash(), cancellationToken).ConfigureAwait(false);
        TaskPosition now = await market.PhaseOfAsync(task.Id, cancellationToken).ConfigureAwait(false);
        bool isOpen = now == new TaskPosition(round, Phase.Reveal);
        if (isOpen)
        {
            // Shared first, so that a crash leaves no revealed update that nobody can fetch; but never while somebody
            // can still commit, and so copy it.
            await task.Store.PutAsync(update, cancellationToken).ConfigureAwait(false);
        }

        TransactionReceipt receipt = await market
            .RevealAsync(task.Id, pending.UpdateWord, pending.SaltWord, cancellationToken).ConfigureAwait(false);
        if (!isOpen)
        {
            await task.Store.PutAsync(update, cancellationToken).ConfigureAwait(false); // The window opened just now.
        }

        File.Delete(path);
        return receipt;
    }

    /// <summary>Claims the participant's reward of a finalised round; null where it earned nothing.</summary>
    /// <param name="scored">The round as this participant scored it itself, which is how it knows its proof.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="RevertException">The market refused, for example <c>WrongOutcome</c> or <c>AlreadyClaimed</c>.</exception>
    public async Task<TransactionReceipt?> ClaimAsync(ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scored);
        Round state = await market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        if (state.Outcome == Outcome.DefaultSplit)
        {
            return await market.ClaimDefaultAsync(task.Id, scored.Round, Address, cancellationToken).ConfigureAwait(false);
        }

        RewardClaim? claim = scored.Claims.Claims.FirstOrDefault(claim => claim.Participant == Address);
        return claim is null || claim.Amount == Wei.Zero
            ? null
            : await market.ClaimAsync(task.Id, scored.Round, claim, scored.Claims.ProofOf(claim), cancellationToken)
                .ConfigureAwait(false);
    }

    private string PendingPath(int round) => Path.Combine(
        folder, "pending", string.Create(CultureInfo.InvariantCulture, $"{market.Address}-{task.Id}-{round}-{Address}.json"));

    private async Task CheckNotCommittedAsync(string path, int round, CancellationToken cancellationToken)
    {
        PendingReveal? kept = await PendingReveal.LoadAsync(path, cancellationToken).ConfigureAwait(false);
        if (kept is null)
        {
            return;
        }

        OpenCommitment open = await market.CommitmentOfAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        if (open.Commitment == await HashAsync(kept, cancellationToken).ConfigureAwait(false))
        {
            throw new InvalidOperationException(
                $"{Address} has committed to update {kept.UpdateWord.ToContentHash()} in round {round} of task {task.Id}; reveal it.");
        }
    }

    private Task<Bytes32> HashAsync(PendingReveal pending, CancellationToken cancellationToken) =>
        market.CommitmentHashAsync(
            task.Id, pending.Round, Address, pending.UpdateWord, pending.SaltWord, cancellationToken);
}
