using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation.Refutation;
using Research.Federation.Trace;

namespace Research.Market.Watching;

/// <summary>Makes a wrong case fall: by a refutation where what is needed was shown, else by demanding what is next.</summary>
internal sealed class CaseAttack(
    WatchedTask task, int round, CaseView view, ScoredMemory memory, ulong now, WatchLog log)
{
    private Refuter Refuter => task.Refuter;

    /// <summary>Goes as far as can be gone now; tells whether the case fell.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        log.Add(Event(WatchAction.FoundWrong) with { Count = view.Claims.Count });
        if (view.Facts.Base == 0)
        {
            log.Add(Event(WatchAction.NotReady));
            return false;
        }

        if (await ExpireAsync(cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        (Refutation? found, long? at) = await FindAsync(cancellationToken).ConfigureAwait(false);
        return found is not null && await RefuteAsync(found, at, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> ExpireAsync(CancellationToken cancellationToken)
    {
        foreach ((NodeDemanded asked, NodeDemand demand) in view.Demands)
        {
            if (!demand.Exists || demand.IsAnswered || now < demand.Due || now >= view.Board.Settled)
            {
                continue;
            }

            TransactionReceipt receipt = await Refuter
                .ExpireAsync(view.Case.Id, asked.Tree, asked.Level, asked.Node, cancellationToken).ConfigureAwait(false);
            log.Add(Event(WatchAction.Expired) with
            {
                Tree = asked.Tree,
                Level = asked.Level,
                Transaction = receipt.TransactionHash,
            });
            return true;
        }

        return false;
    }

    private async Task<(Refutation? Found, long? At)> FindAsync(CancellationToken cancellationToken)
    {
        TraceRefuter refuter = await memory.RefuterAsync(task.Open, cancellationToken).ConfigureAwait(false);
        ClaimResult said = view.Case.Result;
        bool isTrace = said.TraceRoot != memory.Scored.Claim.TraceRoot;
        if (!isTrace
            && refuter.RefuteFields(said.ModelRoot.ToTreeHash(), said.Total, said.Right) is { } field)
        {
            return (field, null);
        }

        ClaimTree tree = isTrace ? ClaimTree.Trace : ClaimTree.Results;
        Descent descent = refuter.Descend(tree, (isTrace ? said.TraceRoot : said.ResultsRoot).ToTreeHash());
        BytesTree? file = isTrace ? null : await FileAsync(refuter, cancellationToken).ConfigureAwait(false);
        while (descent.Next is { } next)
        {
            if (view.Shown[next.Node.ToBytes32()].Any(data => descent.Show(data.Span)))
            {
                continue;
            }

            if (file is not null && descent.Show(
                Descent.Answer(refuter.Depth(tree), next.Level, next.Index, file.Node, file.Leaf)))
            {
                continue;
            }

            await AskAsync((CaseTree)tree, next, Descent.Levels(refuter.Depth(tree)), cancellationToken)
                .ConfigureAwait(false);
            return (null, null);
        }

        return (
            await Task.Run(() => refuter.Refute(tree, descent), cancellationToken).ConfigureAwait(false),
            isTrace ? descent.Leaf!.Value.Index * KeccakLanes.LeafBytes : null);
    }

    // Somebody's file of the results that the claim says: with it nothing need be demanded.
    private async Task<BytesTree?> FileAsync(TraceRefuter refuter, CancellationToken cancellationToken)
    {
        RoundResults? results = await RoundResults
            .FindAsync(task.Market, task.Open.Store, view.Claims[0], cancellationToken).ConfigureAwait(false);
        BytesTree? tree = results is null ? null : new BytesTree(results.Leaves);
        return tree?.Depth == refuter.Depth(ClaimTree.Results) ? tree : null;
    }

    private async Task AskAsync(CaseTree tree, DemandedNode next, int levels, CancellationToken cancellationToken)
    {
        Bytes32 node = next.Node.ToBytes32();
        NodeDemand before = await Refuter
            .DemandOfAsync(view.Case.Id, tree, next.Level, node, cancellationToken).ConfigureAwait(false);
        WatchEvent about = Event(WatchAction.NodeAwaited) with { Tree = tree, Level = next.Level, Levels = levels };
        if (before.IsAnswered)
        {
            throw new MissingEventsException(
                $"Node {node} of case {view.Case.Id} was shown on the refuter {Refuter.Address}, but the node does not give its "
                + "event: ask one that keeps its logs.");
        }

        if (before.Exists)
        {
            log.Add(about with { Until = before.Due });
            return;
        }

        ulong until = view.Facts.Base + ((ulong)view.Facts.Window * (ulong)(next.Level + 1));
        if (now >= until)
        {
            log.Add(about with { Action = WatchAction.TooLate, Until = until });
            return;
        }

        // The base fee may rise by an eighth with each block until the demand is in one.
        Wei fee = await Refuter.FeeAsync(cancellationToken).ConfigureAwait(false) * 2;
        TransactionReceipt receipt = await Refuter.DemandAsync(
            view.Case,
            tree,
            next.Level,
            (ulong)next.Index,
            node,
            [.. next.Siblings.Select(hash => hash.ToBytes32())],
            fee,
            cancellationToken).ConfigureAwait(false);
        log.Add(about with
        {
            Action = WatchAction.NodeDemanded,
            Amount = fee,
            Transaction = receipt.TransactionHash,
        });
    }

    // Announced first, and sent in a later block. It is the same each time it is made, so that nothing is remembered.
    private async Task<bool> RefuteAsync(Refutation found, long? at, CancellationToken cancellationToken)
    {
        RefutationCall call = RefutationCalls.Of(task.Open, view.Case, found);
        Bytes32 intent = call.IntentOf(task.Self);
        ulong? announced = await Refuter.IntendedAtAsync(intent, cancellationToken).ConfigureAwait(false);
        if (announced is null)
        {
            await Refuter.RequireHoldsAsync(call, cancellationToken).ConfigureAwait(false);
            TransactionReceipt intended = await Refuter.IntendAsync(intent, cancellationToken).ConfigureAwait(false);
            log.Add(Event(WatchAction.Announced) with { At = at, Transaction = intended.TransactionHash });
            announced = intended.BlockNumber;
        }

        ulong newest = await task.Market.Client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        TransactionReceipt receipt = newest <= announced
            ? await Refuter.RefuteNextAsync(call, cancellationToken).ConfigureAwait(false)
            : await Refuter.RefuteAsync(call, cancellationToken).ConfigureAwait(false);
        log.Add(Event(WatchAction.Refuted) with { At = at, Transaction = receipt.TransactionHash });
        return true;
    }

    private WatchEvent Event(WatchAction action) =>
        new(action, task.Id, round) { Claimant = view.Case.Claimant };
}
