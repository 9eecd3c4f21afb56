using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What one participant earned in a round, as the final claim's results say.</summary>
/// <param name="Index">The participant's place in reveal order, from zero.</param>
/// <param name="Participant">Who earned it.</param>
/// <param name="Points">Its points.</param>
public sealed record Reward(int Index, Address Participant, ulong Points);
