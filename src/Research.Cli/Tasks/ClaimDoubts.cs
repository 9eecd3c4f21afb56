using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Cli.Tasks;

/// <summary>What others doubt of a claim, and what became of it.</summary>
/// <param name="Board">How far its case is.</param>
/// <param name="Open">What was demanded of it and not shown yet.</param>
internal sealed record ClaimDoubts(CaseBoard Board, IReadOnlyList<(NodeDemanded Asked, NodeDemand Now)> Open)
{
    /// <summary>Gets who made it fall; null while it stands.</summary>
    public Address? RefutedBy => Board.HasFallen ? Board.Party : null;

    /// <summary>Gets the first second in which the first of what is open can make it fall; null where nothing is.</summary>
    public ulong? Due => Open.Count == 0 ? null : Open.Min(one => one.Now.Due);

    /// <summary>Finds them.</summary>
    public static async Task<ClaimDoubts> FindAsync(
        TrainingMarket market, ulong taskId, int round, Bytes24 digest, CancellationToken cancellationToken)
    {
        Bytes32 id = RefuterCase.IdOf(market.Address, taskId, round, digest);
        CaseBoard board = await market.Refuter.BoardOfAsync(id, cancellationToken).ConfigureAwait(false);
        List<(NodeDemanded, NodeDemand)> open = [];
        if (board.Levels > 0 && !board.HasFallen)
        {
            foreach (NodeDemanded asked in await market.Refuter.Events.NodeDemandedAsync(id, cancellationToken)
                .ConfigureAwait(false))
            {
                NodeDemand demand = await market.Refuter
                    .DemandOfAsync(id, asked.Tree, asked.Level, asked.Node, cancellationToken).ConfigureAwait(false);
                if (demand is { Exists: true, IsAnswered: false })
                {
                    open.Add((asked, demand));
                }
            }
        }

        return new ClaimDoubts(board, open);
    }
}
