using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A participant's last commitment.</summary>
/// <param name="Round">The round it was made in.</param>
/// <param name="Commitment">The commitment not yet revealed; zero when there is none.</param>
public readonly record struct OpenCommitment(int Round, Bytes32 Commitment);
