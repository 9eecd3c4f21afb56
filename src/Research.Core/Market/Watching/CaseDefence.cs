using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Federation.Refutation;

namespace Research.Market.Watching;

/// <summary>Shows what is demanded of a case that says what scoring gives, so that it does not fall.</summary>
/// <remarks>
/// The party is paid for it, and answers at once; another claimant waits for it until half of the time is over, and then
/// answers in its own name. Whoever claims nothing waits until three quarters are: it is paid nothing, but a right claim that
/// falls can burn the round.
/// </remarks>
internal sealed class CaseDefence(
    WatchedTask task, int round, CaseView view, ScoredMemory memory, ulong now, WatchLog log)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TraceRefuter? refuter = null;
        foreach ((NodeDemanded asked, NodeDemand demand) in view.Demands)
        {
            if (!demand.Exists || demand.IsAnswered || now >= demand.Due)
            {
                continue;
            }

            ulong from = demand.Due - WaitBefore(demand);
            WatchEvent about = new(WatchAction.AnswerDue, task.Id, round)
            {
                Claimant = view.Board.Party,
                Tree = asked.Tree,
                Level = asked.Level,
                Until = demand.Due,
            };
            if (now < from)
            {
                log.Add(about);
                continue;
            }

            refuter ??= await memory.RefuterAsync(task.Open, cancellationToken).ConfigureAwait(false);
            byte[] data = refuter.Answer((ClaimTree)asked.Tree, asked.Level, (long)asked.Index);
            await log.TryAsync(task.Id, round, async () =>
            {
                TransactionReceipt receipt = await AnswerAsync(asked, data, cancellationToken).ConfigureAwait(false);
                log.Add(about with
                {
                    Action = WatchAction.NodeAnswered,
                    Amount = IsParty || IsClaimant ? demand.Fee : null,
                    Transaction = receipt.TransactionHash,
                });
            }).ConfigureAwait(false);
        }
    }

    private bool IsParty => view.Board.Party == task.Self;

    private bool IsClaimant => view.Posted.Any(claim => claim.Claimant == task.Self);

    // How long before an answer is due it is given; the whole time is half a window.
    private ulong WaitBefore(NodeDemand demand)
    {
        ulong whole = Math.Min(demand.Due, view.Board.Window);
        return IsParty ? whole : IsClaimant ? whole / 4 : whole / 8;
    }

    private Task<TransactionReceipt> AnswerAsync(NodeDemanded asked, byte[] data, CancellationToken cancellationToken) =>
        IsClaimant && !IsParty
            ? task.Refuter.AnswerOwnAsync(
                task.Market.Address, task.Id, round, asked.Tree, asked.Level, data, cancellationToken)
            : task.Refuter.AnswerAsync(view.Case.Id, asked.Tree, asked.Level, data, cancellationToken);
}
