namespace Research.Federation.Adversaries;

/// <summary>A way to pay a round, for research that plays the same attacks against several.</summary>
/// <param name="scene">The round.</param>
/// <param name="deltas">What the accounts send, earliest commitment first, [P] each in units.</param>
internal delegate RuledRound RoundRule(AttackScene scene, IReadOnlyList<int[]> deltas);
