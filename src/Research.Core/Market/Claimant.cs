using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Storage;

namespace Research.Market;

/// <summary>Who claims what a round's scoring gives: seals the claim with a bond, opens it, and takes the bond back with
/// its part of the audit fee.</summary>
/// <remarks>
/// What opens a seal is on disk before the seal is sent, in a file named by it: a crash at any point loses no bond.
/// </remarks>
/// <param name="task">The task.</param>
/// <param name="market">The market, with the account that puts up the bond.</param>
/// <param name="folder">The claimant's own folder.</param>
public sealed class Claimant(OpenTask task, TrainingMarket market, string folder)
{
    private readonly string _pending = Path.Combine(folder, "claims");
    private readonly FolderStore _own = new(Path.Combine(folder, "scored"));

    /// <summary>Gets the claimant's address.</summary>
    public Address Address { get; } = market.Account?.Address
        ?? throw new ArgumentException("Expected a market with an account that signs.", nameof(market));

    /// <summary>Seals a claim of a round; its model and results are shared when it is opened.</summary>
    /// <param name="scored">The round.</param>
    /// <param name="salt">The secret salt; drawn here when left out. Known salts are for reproducible demonstrations
    /// only.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where the account has sealed a claim in this round already.</returns>
    /// <exception cref="RevertException">The market refused, for example <c>TooLate</c>.</exception>
    public async Task<TransactionReceipt?> SealAsync(
        ScoredRound scored, Bytes32? salt = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scored);
        MarketClaim before = await ClaimAsync(scored.Round, cancellationToken).ConfigureAwait(false);
        if (before.State != ClaimState.None)
        {
            return null;
        }

        await _own.PutAsync(scored.Score.NextModel.Bytes, cancellationToken).ConfigureAwait(false);
        await _own.PutAsync(scored.Results.Bytes, cancellationToken).ConfigureAwait(false);
        PendingClaim pending = PendingClaim.Of(scored, salt ?? Bytes32.Random());
        Bytes24 seal = await market.SealHashAsync(
            task.Id, scored.Round, Address, scored.Claim, Bytes32.Parse(pending.Salt), cancellationToken)
            .ConfigureAwait(false);
        await PendingFile.SaveAsync(pending, PathOf(scored.Round, seal), cancellationToken).ConfigureAwait(false);
        await PendingFile.DeleteEndedAsync(task, _pending, NameOf, scored.Round, cancellationToken).ConfigureAwait(false);
        return await market.SealClaimAsync(task.Id, seal, task.Terms.Bond, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the claim that was sealed.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where it is open already.</returns>
    /// <exception cref="MarketException">The account has sealed no claim in the round.</exception>
    /// <exception cref="FileNotFoundException">This folder does not hold what opens it.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>TooEarly</c>.</exception>
    public async Task<TransactionReceipt?> PostAsync(int round, CancellationToken cancellationToken = default)
    {
        MarketClaim before = await ClaimAsync(round, cancellationToken).ConfigureAwait(false);
        if (before.State is ClaimState.Posted or ClaimState.Paid or ClaimState.Fallen)
        {
            return null;
        }

        if (before.State == ClaimState.None)
        {
            throw new MarketException(
                $"{Address} has sealed no claim in round {round + 1} of task {task.Id}: there is nothing to open.");
        }

        string path = PathOf(round, before.Digest);
        PendingClaim pending = await PendingFile.LoadAsync<PendingClaim>(path, "a sealed claim", cancellationToken)
            .ConfigureAwait(false)
            ?? throw new FileNotFoundException(
                $"{Address} has sealed a claim in round {round + 1} of task {task.Id}, but what opens it is not in {path}. "
                + "Name the folder that it was sealed from: unopened, the bond is lost.",
                path);
        byte[] file = await _own.GetAsync(Bytes32.Parse(pending.File).ToContentHash(), cancellationToken)
            .ConfigureAwait(false);
        RoundResults results = RoundResults.Parse(file, pending.Result.ResultsRoot.ToTreeHash());
        byte[] model = await _own.GetAsync(results.Model, cancellationToken).ConfigureAwait(false);
        StoreException? unshared = await TryShareAsync(model, file, cancellationToken).ConfigureAwait(false);
        TransactionReceipt receipt = await market.PostClaimAsync(
            task.Id,
            pending.Result,
            Bytes32.Parse(pending.Salt),
            Bytes32.Parse(pending.File),
            cancellationToken).ConfigureAwait(false);
        return unshared is null
            || await TryShareAsync(model, file, cancellationToken).ConfigureAwait(false) is not { } still
            ? receipt
            : throw new MarketException(
                $"The claim is open, by transaction {receipt.TransactionHash}, but nobody can fetch its results and model, which "
                + $"others will score again: {still.Message}",
                still);
    }

    // A store that is away must not cost the bond: what is claimed, anybody can compute.
    private async Task<StoreException?> TryShareAsync(
        byte[] model, byte[] results, CancellationToken cancellationToken)
    {
        try
        {
            await task.Store.PutAsync(model, cancellationToken).ConfigureAwait(false);
            await task.Store.PutAsync(results, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (StoreException e)
        {
            return e;
        }
    }

    /// <summary>Takes the bond back, with a part of the audit fee where the claim says what the final one says.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>The receipt; null where there is nothing to take, or it was taken.</returns>
    /// <exception cref="MarketException">The round is not final.</exception>
    public async Task<TransactionReceipt?> CollectAsync(int round, CancellationToken cancellationToken = default)
    {
        MarketClaim own = await ClaimAsync(round, cancellationToken).ConfigureAwait(false);
        if (own.State != ClaimState.Posted)
        {
            return null;
        }

        ClaimPosted final = await task.FinalClaimAsync(round, cancellationToken).ConfigureAwait(false)
            ?? throw new MarketException($"No claim is final in round {round + 1} of task {task.Id} yet.");
        return await market.ClaimBondAsync(task.Id, round, Address, final.Claimant, Address, cancellationToken)
            .ConfigureAwait(false);
    }

    private Task<MarketClaim> ClaimAsync(int round, CancellationToken cancellationToken) =>
        market.ClaimOfAsync(task.Id, round, Address, cancellationToken);

    private string NameOf(int round) =>
        string.Create(CultureInfo.InvariantCulture, $"{market.Address}-{task.Id}-{round}-{Address}");

    private string PathOf(int round, Bytes24 seal) => Path.Combine(_pending, $"{NameOf(round)}-{seal}.json");
}
