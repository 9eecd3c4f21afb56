using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Market.Watching;

/// <summary>One look at a case: what can be done about it now is done.</summary>
internal sealed class CasePass(WatchedTask task, int round, WatchLog log, ulong now)
{
    private const int MostFees = 32; // In one pass.

    /// <summary>Looks, and acts; tells whether fees of the case are still to come.</summary>
    /// <param name="claims">The claims that say the same.</param>
    /// <param name="memory">The round as it is scored here; null where it cannot be, or is final.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public async Task<bool> RunAsync(
        IReadOnlyList<ClaimPosted> claims, ScoredMemory? memory, CancellationToken cancellationToken)
    {
        CaseView view = await ReadAsync().ConfigureAwait(false);
        if (!view.Board.HasFallen && memory is not null)
        {
            bool isChanged = false;
            await log.TryAsync(task.Id, round, async () =>
            {
                if (view.Case.Result == memory.Scored.Claim)
                {
                    await new CaseDefence(task, round, view, memory, now, log).RunAsync(cancellationToken)
                        .ConfigureAwait(false);
                }
                else
                {
                    isChanged = await new CaseAttack(task, round, view, memory, now, log).RunAsync(cancellationToken)
                        .ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
            view = isChanged ? await ReadAsync().ConfigureAwait(false) : view;
        }

        if (view.Board.HasFallen)
        {
            if (memory is not null && view.Case.Result == memory.Scored.Claim)
            {
                log.Add(new WatchEvent(WatchAction.RightFell, task.Id, round) { Claimant = view.Case.Claimant });
            }

            await log.TryAsync(task.Id, round, () => StrikeAsync(view, cancellationToken)).ConfigureAwait(false);
        }

        bool isOwed = false;
        await log.TryAsync(task.Id, round, async () => isOwed = await FeesAsync(view, cancellationToken)
            .ConfigureAwait(false)).ConfigureAwait(false);
        return isOwed;

        Task<CaseView> ReadAsync() => CaseView.ReadAsync(task.Market, claims, cancellationToken);
    }

    /// <summary>Takes the bond of a claim that fell.</summary>
    public async Task StrikeAsync(ClaimPosted claim, CancellationToken cancellationToken)
    {
        TransactionReceipt receipt = await task.Market
            .StrikeAsync(task.Id, round, claim.Claimant, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<BondLost> lost =
            await task.Market.Events.BondLostAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        log.Add(new WatchEvent(WatchAction.Struck, task.Id, round)
        {
            Claimant = claim.Claimant,
            Amount = lost.LastOrDefault(one => one.Claimant == claim.Claimant && one.Winner == task.Self)?.Amount,
            Transaction = receipt.TransactionHash,
        });
    }

    // Whoever made it fall is paid for it; others strike only where the round cannot be finalised without.
    private async Task StrikeAsync(CaseView view, CancellationToken cancellationToken)
    {
        if (view.Board.Party != task.Self)
        {
            return;
        }

        foreach (ClaimPosted claim in view.Posted)
        {
            await StrikeAsync(claim, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> FeesAsync(CaseView view, CancellationToken cancellationToken)
    {
        bool isOwed = false;
        int collected = 0;
        foreach ((NodeDemanded asked, NodeDemand demand) in view.Demands)
        {
            if (!demand.Exists || RecipientOf(view, demand) is not { } claim)
            {
                continue;
            }

            isOwed = true;
            if ((!view.Board.HasFallen && now < view.Board.Settled) || collected == MostFees)
            {
                continue; // The others wait for another pass: nothing else should wait for them.
            }

            collected++;

            TransactionReceipt receipt = await task.Refuter.PayFeeAsync(
                view.Case with { Claimant = claim }, asked.Tree, asked.Level, asked.Node, cancellationToken)
                .ConfigureAwait(false);
            log.Add(new WatchEvent(WatchAction.FeeCollected, task.Id, round)
            {
                Tree = asked.Tree,
                Level = asked.Level,
                Amount = demand.Fee,
                Transaction = receipt.TransactionHash,
            });
        }

        return isOwed;
    }

    // By whose claim a fee is paid to this account; null where it is not.
    private Address? RecipientOf(CaseView view, NodeDemand demand)
    {
        const int Party = 1;
        if (view.Board.HasFallen || !demand.IsAnswered)
        {
            return demand.Demander == task.Self ? view.Case.Claimant : null;
        }

        if (demand.Answerer == Party)
        {
            return view.Board.Party == task.Self ? view.Case.Claimant : null;
        }

        return view.Claims.FirstOrDefault(claim => claim.Place == demand.Answerer - Party - 1)?.Claimant == task.Self
            ? task.Self
            : null;
    }
}
