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
    private const int AtOnce = 16;
    private const int FewDemands = 32; // More of them are an attack, and nobody waits for others.

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (NodeDemanded Asked, NodeDemand Now)[] open =
        [
            .. view.Demands.Where(one => one.Now.Exists && !one.Now.IsAnswered && now < one.Now.Due)
                .OrderBy(one => one.Now.Due),
        ];
        List<(NodeDemanded Asked, NodeDemand Demand, WatchEvent About)> due = [];
        foreach ((NodeDemanded asked, NodeDemand demand) in open)
        {
            ulong from = demand.Due - WaitBefore(demand, open.Length);
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

            due.Add((asked, demand, about));
        }

        if (due.Count == 0)
        {
            return;
        }

        // Many at once: who demands thousands of nodes must not get ahead of who answers.
        TraceRefuter refuter = await memory.RefuterAsync(task.Open, cancellationToken).ConfigureAwait(false);
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, options, async (one, stop) =>
        {
            byte[] data = refuter.Answer((ClaimTree)one.Asked.Tree, one.Asked.Level, (long)one.Asked.Index);
            await log.TryAsync(task.Id, round, async () =>
            {
                TransactionReceipt receipt = await AnswerAsync(one.Asked, data, stop).ConfigureAwait(false);
                log.Add(one.About with
                {
                    Action = WatchAction.NodeAnswered,
                    Amount = IsParty || IsClaimant ? one.Demand.Fee : null,
                    Transaction = receipt.TransactionHash,
                });
            }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private bool IsParty => view.Board.Party == task.Self;

    private bool IsClaimant => view.Posted.Any(claim => claim.Claimant == task.Self);

    // How long before an answer is due it is given; the whole time is half a window.
    private ulong WaitBefore(NodeDemand demand, int open)
    {
        ulong whole = Math.Min(demand.Due, view.Board.Window);
        return IsParty || open > FewDemands ? whole : IsClaimant ? whole / 4 : whole / 8;
    }

    private Task<TransactionReceipt> AnswerAsync(NodeDemanded asked, byte[] data, CancellationToken cancellationToken) =>
        IsClaimant && !IsParty
            ? task.Refuter.AnswerOwnAsync(
                task.Market.Address, task.Id, round, asked.Tree, asked.Level, data, cancellationToken)
            : task.Refuter.AnswerAsync(view.Case.Id, asked.Tree, asked.Level, data, cancellationToken);
}
