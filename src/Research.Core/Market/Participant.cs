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
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="MarketException">The account has committed in this round.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<TransactionReceipt> CommitAsync(
        ModelUpdate update, Bytes32? salt = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        await CheckNotCommittedAsync(update.Round, cancellationToken).ConfigureAwait(false);
        PendingReveal pending = new(
            market.Address.ToString(),
            task.Id,
            update.Round,
            Address.ToString(),
            update.Root.ToString(),
            update.Hash.ToBytes32().ToString(),
            (salt ?? Bytes32.Random()).ToString());
        Bytes32 commitment = await market.CommitmentHashAsync(
            task.Id, update.Round, Address, pending.RootWord, pending.SaltWord, cancellationToken)
            .ConfigureAwait(false);
        await _own.PutAsync(update.Bytes, cancellationToken).ConfigureAwait(false);
        await pending.SaveAsync(PendingPath(update.Round, commitment), cancellationToken).ConfigureAwait(false);

        Wei stake = await market.StakeDueAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        return await market.CommitAsync(task.Id, commitment, stake, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shares the committed update and reveals it.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="MarketException">The account has no commitment to reveal in that round.</exception>
    /// <exception cref="FileNotFoundException">This folder does not hold what was committed to.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<TransactionReceipt> RevealAsync(int round, CancellationToken cancellationToken = default)
    {
        OpenCommitment open = await market.CommitmentOfAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        if (open.Commitment == Bytes32.Zero || open.Round != round)
        {
            int? index = await market.RevealIndexOfAsync(task.Id, round, Address, cancellationToken)
                .ConfigureAwait(false);
            throw new MarketException(index is null
                ? $"{Address} has no commitment in round {round + 1} of task {task.Id}: there is nothing to reveal."
                : $"{Address} has revealed in round {round + 1} of task {task.Id} already, as #{index}.");
        }

        string path = PendingPath(round, open.Commitment);
        PendingReveal pending = await PendingReveal.LoadAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new FileNotFoundException(
                $"{Address} has commitment {open.Commitment} in round {round + 1} of task {task.Id}, but its salt is "
                + $"not in {path}. Name the folder that it was committed from: without the salt the stake is lost.",
                path);
        byte[] update = await _own.GetAsync(pending.FileWord.ToContentHash(), cancellationToken)
            .ConfigureAwait(false);
        TaskPosition now = await market.PhaseOfAsync(task.Id, cancellationToken).ConfigureAwait(false);
        bool isOpen = now == new TaskPosition(round, Phase.Reveal);
        if (isOpen)
        {
            // Shared first, so that a crash leaves no revealed update that nobody can fetch; but never while somebody
            // can still commit, and so copy it.
            await task.Store.PutAsync(update, cancellationToken).ConfigureAwait(false);
        }

        TransactionReceipt receipt = await market
            .RevealAsync(task.Id, pending.RootWord, pending.FileWord, pending.SaltWord, cancellationToken)
            .ConfigureAwait(false);
        if (!isOpen)
        {
            await task.Store.PutAsync(update, cancellationToken).ConfigureAwait(false); // The window opened just now.
        }

        foreach (string kept in Directory.EnumerateFiles(_pending, $"{PendingName(round)}-*.json"))
        {
            File.Delete(kept); // The one revealed, and those of commitments that never reached the chain.
        }

        return receipt;
    }

    /// <summary>Claims the participant's reward of a finalised round; null where it earned nothing.</summary>
    /// <param name="scored">The round as this participant scored it itself, which is how it knows its proof.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="RevertException">The market refused, for example <c>WrongOutcome</c> or
    /// <c>AlreadyClaimed</c>.</exception>
    public async Task<TransactionReceipt?> ClaimAsync(ScoredRound scored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scored);
        Round state = await market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        if (state.Outcome == Outcome.DefaultSplit)
        {
            return await ClaimDefaultAsync(scored.Round, cancellationToken).ConfigureAwait(false);
        }

        RewardClaim? claim = scored.Claims.Claims.FirstOrDefault(claim => claim.Participant == Address);
        return claim is null || claim.Amount == Wei.Zero
            ? null
            : await market.ClaimAsync(task.Id, scored.Round, claim, scored.Claims.ProofOf(claim), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>
    /// Claims an equal part of a round that ended in <see cref="Outcome.DefaultSplit"/>: no scoring is needed.
    /// </summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="RevertException">The market refused, for example <c>WrongOutcome</c> or
    /// <c>AlreadyClaimed</c>.</exception>
    public Task<TransactionReceipt> ClaimDefaultAsync(int round, CancellationToken cancellationToken = default) =>
        market.ClaimDefaultAsync(task.Id, round, Address, cancellationToken);

    private string PendingName(int round) =>
        string.Create(CultureInfo.InvariantCulture, $"{market.Address}-{task.Id}-{round}-{Address}");

    private string PendingPath(int round, Bytes32 commitment) =>
        Path.Combine(_pending, $"{PendingName(round)}-{commitment}.json");

    private async Task CheckNotCommittedAsync(int round, CancellationToken cancellationToken)
    {
        OpenCommitment open = await market.CommitmentOfAsync(task.Id, Address, cancellationToken).ConfigureAwait(false);
        if (open.Commitment != Bytes32.Zero && open.Round == round)
        {
            throw new MarketException(
                $"{Address} has committed in round {round + 1} of task {task.Id} already; "
                + "reveal that when the reveal window is open.");
        }
    }
}
