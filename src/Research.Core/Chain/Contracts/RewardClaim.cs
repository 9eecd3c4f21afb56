using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>One participant's reward of a round.</summary>
/// <param name="Index">The participant's place in reveal order, from zero.</param>
/// <param name="Participant">Who is paid.</param>
/// <param name="Amount">The reward, in units of the pool.</param>
public sealed record RewardClaim(int Index, Address Participant, Wei Amount);
