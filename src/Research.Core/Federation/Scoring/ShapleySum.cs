using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>A player's Shapley value, undivided.</summary>
/// <param name="Sum">The sum over orders of joining of what the player added.</param>
/// <param name="Orders">The number of orders.</param>
internal readonly record struct ShapleySum(BigInteger Sum, int Orders);
