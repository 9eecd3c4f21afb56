using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Market.Watching;

/// <summary>All that the chain says of a case now.</summary>
/// <param name="Case">The case, by its first claim that stands.</param>
/// <param name="Claims">All claims that say this, by place.</param>
/// <param name="Posted">Those whose bonds are still there.</param>
/// <param name="Facts">What the market says of it.</param>
/// <param name="Board">How far it is.</param>
/// <param name="Demands">What was demanded of it, and what became of that.</param>
/// <param name="Shown">What was shown of it, by node.</param>
internal sealed record CaseView(
    RefuterCase Case,
    IReadOnlyList<ClaimPosted> Claims,
    IReadOnlyList<ClaimPosted> Posted,
    CaseFacts Facts,
    CaseBoard Board,
    IReadOnlyList<(NodeDemanded Asked, NodeDemand Now)> Demands,
    ILookup<Bytes32, ReadOnlyMemory<byte>> Shown)
{
    public static async Task<CaseView> ReadAsync(
        TrainingMarket market, IReadOnlyList<ClaimPosted> claims, CancellationToken cancellationToken)
    {
        List<ClaimPosted> posted = [];
        foreach (ClaimPosted claim in claims)
        {
            MarketClaim now = await market.ClaimOfAsync(claim.TaskId, claim.Round, claim.Claimant, cancellationToken)
                .ConfigureAwait(false);
            if (now.State == ClaimState.Posted)
            {
                posted.Add(claim);
            }
        }

        ClaimPosted first = posted.Count > 0 ? posted[0] : claims[0];
        RefuterCase claimed = new(market.Address, first.TaskId, first.Round, first.Claimant, first.Result);
        CaseFacts facts = await market.CaseOfAsync(first.TaskId, first.Round, first.Claimant, cancellationToken)
            .ConfigureAwait(false);
        CaseBoard board = await market.Refuter.BoardOfAsync(claimed.Id, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<(NodeDemanded, NodeDemand)> demands = [];
        IReadOnlyList<NodeShown> shown = [];
        if (board.Levels > 0)
        {
            demands = await DemandsAsync(market.Refuter, claimed.Id, board, cancellationToken).ConfigureAwait(false);
            shown = await market.Refuter.Events.NodeShownAsync(claimed.Id, cancellationToken).ConfigureAwait(false);
        }

        // A node that is in both trees can be shown for each, by other numbers of levels.
        return new CaseView(
            claimed, claims, posted, facts, board, demands, shown.ToLookup(one => one.Node, one => one.Data));
    }

    private static async Task<IReadOnlyList<(NodeDemanded, NodeDemand)>> DemandsAsync(
        Refuter refuter, Bytes32 id, CaseBoard board, CancellationToken cancellationToken)
    {
        IReadOnlyList<NodeDemanded> asked =
            await refuter.Events.NodeDemandedAsync(id, cancellationToken).ConfigureAwait(false);
        if (!asked.Any(one => one.Level == board.Levels - 1))
        {
            // A claim whose demands a node leaves out would fall without a word.
            throw new MissingEventsException(
                $"Nodes down to level {board.Levels - 1} of case {id} were demanded on the refuter {refuter.Address}, but their "
                + "events are not there: ask a node that keeps its logs, from the block of the market's deployment on.");
        }

        List<(NodeDemanded, NodeDemand)> demands = [];
        foreach (NodeDemanded one in asked.DistinctBy(one => (one.Tree, one.Level, one.Node)))
        {
            demands.Add((one, await refuter
                .DemandOfAsync(id, one.Tree, one.Level, one.Node, cancellationToken).ConfigureAwait(false)));
        }

        return demands;
    }
}
