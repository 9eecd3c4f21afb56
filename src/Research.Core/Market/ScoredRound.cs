using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Scoring;

namespace Research.Market;

/// <summary>A round as anyone can score it from the chain and the store alone.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Score">The scores, the next model and the trace.</param>
/// <param name="Results">The points of each participant, as a claim carries them.</param>
/// <param name="Pool">What the round pays from where a claim of this is final, in units of the pool.</param>
/// <param name="Divisor">Points that earn all of it.</param>
/// <param name="Reveals">The reveals that were scored, by index.</param>
public sealed record ScoredRound(
    int Round, RoundScore Score, RoundResults Results, Wei Pool, ulong Divisor, IReadOnlyList<Revealed> Reveals)
{
    /// <summary>Gets what a claim says of it.</summary>
    public ClaimResult Claim => new(
        Score.TraceRoot.ToBytes32(),
        Results.Root.ToBytes32(),
        Score.ModelRoot.ToBytes32(),
        Results.Total,
        (ulong)Score.RightAfter);

    /// <summary>Gets what a participant earns.</summary>
    /// <param name="index">Its place in reveal order.</param>
    public Wei AmountOf(int index) => Payout.Of(Pool, Results.Rewards[index].Points, Divisor);
}
