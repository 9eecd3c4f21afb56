using Research.Chain.Contracts;
using Research.Federation.Scoring;

namespace Research.Market;

/// <summary>A round as anyone can score it from the chain and the store alone.</summary>
/// <param name="Round">The round, from 0.</param>
/// <param name="Score">The scores, the next model and the trace.</param>
/// <param name="Claims">The rewards: the round's part of the pool split by points, largest remainder.</param>
/// <param name="Reveals">The reveals that were scored, by index.</param>
public sealed record ScoredRound(int Round, RoundScore Score, ClaimTree Claims, IReadOnlyList<Revealed> Reveals);
