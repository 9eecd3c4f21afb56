using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Federation.Aggregation;

namespace Research.Market.Watching;

/// <summary>One look at a round: what can be done about it now is done.</summary>
internal sealed class RoundPass(WatchedTask task, int round, WatchLog log)
{
    private const ulong Day = 24 * 60 * 60; // No reorganisation reaches so far.

    private ulong _now;
    private ScoredMemory? _memory;
    private bool _isOwed;

    private TrainingMarket Market => task.Market;

    private Schedule Schedule { get; } = task.Open.Terms.ScheduleOf(round);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _now = await Market.NextTimestampAsync(cancellationToken).ConfigureAwait(false);
        Round state = await Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Outcome != Outcome.None)
        {
            await CollectAsync(state, cancellationToken).ConfigureAwait(false);
            return;
        }

        await TryAsync(() => DemandUpdatesAsync(state, cancellationToken)).ConfigureAwait(false);
        await TryAsync(() => ClaimAsync(state, cancellationToken)).ConfigureAwait(false);
        state = await Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Claims > 0)
        {
            await TryAsync(async () => _memory = await task.ScoreAsync(round, state, log, cancellationToken)
                .ConfigureAwait(false)).ConfigureAwait(false);
            _now = await Market.NextTimestampAsync(cancellationToken).ConfigureAwait(false); // Scoring takes its time.
            await CasesAsync(cancellationToken).ConfigureAwait(false);
        }

        await TryAsync(() => FinaliseAsync(cancellationToken)).ConfigureAwait(false);
    }

    private async Task DemandUpdatesAsync(Round state, CancellationToken cancellationToken)
    {
        if (_now < Schedule.Answer || _now >= Schedule.Demanded || state.Reveals == 0)
        {
            return;
        }

        using RoundUpdates updates = await RoundUpdates.FindAsync(task.Open, round, cancellationToken).ConfigureAwait(false);
        GlobalModel start = await task.Open.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);

        // A store that is away for a moment must not make everybody pay; in the last quarter it is not waited for.
        bool isPatient = _now < Schedule.Demanded - ((Schedule.Demanded - Schedule.Answer) / 4);
        IReadOnlyList<UpdatePiece> demanded =
            await updates.DemandAsync(Market, start, isPatient, cancellationToken).ConfigureAwait(false);
        if (demanded.Count > 0)
        {
            log.Add(new WatchEvent(WatchAction.UpdatesDemanded, task.Id, round)
            {
                Count = demanded.Count,
                Until = Schedule.Open,
            });
        }
    }

    private async Task ClaimAsync(Round state, CancellationToken cancellationToken)
    {
        if (!state.IsOpen || _now < Schedule.Score || _now >= Schedule.Refute)
        {
            return;
        }

        MarketClaim own = await Market.ClaimOfAsync(task.Id, round, task.Self, cancellationToken).ConfigureAwait(false);
        if (own.State == ClaimState.None
            && _now < Schedule.Post
            && await WantsToClaimAsync(cancellationToken).ConfigureAwait(false))
        {
            _memory = await task.ScoreAsync(round, state, log, cancellationToken).ConfigureAwait(false);
            TransactionReceipt? receipt = await task.Claimant
                .SealAsync(_memory.Scored, cancellationToken: cancellationToken).ConfigureAwait(false);
            log.Add(new WatchEvent(WatchAction.Sealed, task.Id, round)
            {
                Amount = task.Open.Terms.Bond,
                Until = Schedule.Refute,
                Transaction = receipt?.TransactionHash,
            });
        }
        else if (own.State == ClaimState.Sealed && _now >= Schedule.Post)
        {
            TransactionReceipt? receipt = await task.Claimant.PostAsync(round, cancellationToken).ConfigureAwait(false);
            log.Add(new WatchEvent(WatchAction.Posted, task.Id, round) { Transaction = receipt?.TransactionHash });
        }
    }

    private async Task<bool> WantsToClaimAsync(CancellationToken cancellationToken)
    {
        if (task.Options.Claims != WatchClaims.WhenNobody)
        {
            return task.Options.Claims == WatchClaims.Always;
        }

        // Who is to be paid does not rely on another's claim: that one may be a lie, or never be opened.
        IReadOnlyList<Revealed> reveals =
            await Market.Events.RevealedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (reveals.Any(one => one.Participant == task.Self))
        {
            return true;
        }

        ulong last = Schedule.Post - ((Schedule.Post - Schedule.Score) / 4);
        return _now >= last
            && (await Market.Events.ClaimSealedAsync(task.Id, round, cancellationToken).ConfigureAwait(false)).Count == 0;
    }

    private async Task CasesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ClaimPosted> claims =
            await Market.Events.ClaimPostedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        CasePass pass = new(task, round, log, _now);
        foreach (IGrouping<ClaimResult, ClaimPosted> same in
            claims.OrderBy(claim => claim.Place).GroupBy(claim => claim.Result))
        {
            await TryAsync(async () => _isOwed |= await pass.RunAsync([.. same], _memory, cancellationToken)
                .ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    // What is right is made final, and what nobody claims; a wrong claim that leads is nobody's to help.
    private async Task FinaliseAsync(CancellationToken cancellationToken)
    {
        MarketTask published = await Market.GetTaskAsync(task.Id, cancellationToken).ConfigureAwait(false);
        if (published.Finalised != round || _now < Schedule.End)
        {
            return;
        }

        RoundLead found = await RoundLead
            .FindAsync(Market, task.Id, round, Schedule.End, cancellationToken).ConfigureAwait(false);
        ClaimPosted? lead = found.Claim;
        if (!(_now >= found.DueAt) || (lead is not null && lead.Result != _memory?.Scored.Claim))
        {
            return;
        }

        CasePass pass = new(task, round, log, _now);
        foreach (ClaimPosted fallen in found.Fallen)
        {
            await TryAsync(() => pass.StrikeAsync(fallen, cancellationToken)).ConfigureAwait(false);
        }

        TransactionReceipt receipt = await Market.FinaliseAsync(
            task.Id, round, lead?.Claimant ?? default, lead?.Result ?? ClaimResult.None, cancellationToken)
            .ConfigureAwait(false);
        Round state = await Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        log.Add(new WatchEvent(WatchAction.Finalised, task.Id, round)
        {
            Claimant = lead?.Claimant,
            Outcome = state.Outcome,
            Transaction = receipt.TransactionHash,
        });
        await CollectAsync(state, cancellationToken).ConfigureAwait(false);
    }

    private async Task CollectAsync(Round state, CancellationToken cancellationToken)
    {
        bool isOpen = false;
        if (state.Claims > 0)
        {
            // The round is decided; bonds of cases that can still fall are not.
            isOpen = await IsOpenAsync(cancellationToken).ConfigureAwait(false);
            _memory = null;
            if (isOpen)
            {
                await TryAsync(async () => _memory = await task.ScoreAsync(round, state, log, cancellationToken)
                    .ConfigureAwait(false)).ConfigureAwait(false);
            }

            await CasesAsync(cancellationToken).ConfigureAwait(false);
        }

        bool isLocked = false;
        await TryAsync(async () => isLocked = await BondAsync(cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false);
        if (isOpen)
        {
            return;
        }

        task.Forget(round);
        if (!_isOwed && !isLocked && _now >= state.FinalisedAt + Day)
        {
            task.Done.Add(round);
        }
    }

    // Tells whether something can still be demanded of a claim, or answered.
    private async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ClaimPosted> claims =
            await Market.Events.ClaimPostedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        foreach (ClaimResult result in claims.Select(claim => claim.Result).Distinct())
        {
            CaseStanding standing = await task.Refuter
                .StandingAsync(RefuterCase.IdOf(Market.Address, task.Id, round, result.Digest), cancellationToken)
                .ConfigureAwait(false);
            if (!standing.HasFallen && _now < standing.Settled)
            {
                return true;
            }
        }

        return false;
    }

    // Tells whether the own bond is still locked.
    private async Task<bool> BondAsync(CancellationToken cancellationToken)
    {
        MarketClaim own = await Market.ClaimOfAsync(task.Id, round, task.Self, cancellationToken).ConfigureAwait(false);
        if (own.State != ClaimState.Posted)
        {
            return false;
        }

        CaseStanding standing = await task.Refuter
            .StandingAsync(RefuterCase.IdOf(Market.Address, task.Id, round, own.Digest), cancellationToken)
            .ConfigureAwait(false);
        if (standing.HasFallen)
        {
            return false; // It is lost, whether or not somebody strikes it.
        }

        if (_now < standing.Settled)
        {
            return true;
        }

        TransactionReceipt? receipt = await task.Claimant.CollectAsync(round, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<BondPaid> paid =
            await Market.Events.BondPaidAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        log.Add(new WatchEvent(WatchAction.BondCollected, task.Id, round)
        {
            Amount = paid.LastOrDefault(one => one.Claimant == task.Self)?.Amount,
            Transaction = receipt?.TransactionHash,
        });
        return false;
    }

    private Task TryAsync(Func<Task> work) => log.TryAsync(task.Id, round, work);
}
