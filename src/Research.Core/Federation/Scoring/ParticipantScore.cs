using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>What one participant's update was worth, and why.</summary>
/// <param name="Index">The participant's place in reveal order, from 0.</param>
/// <param name="Points">The integer that rewards are split by; never negative.</param>
/// <param name="Gain">Mean fall of the held-out loss that the update is answerable for, in
/// nats; negative when it does harm.</param>
/// <param name="Reason">Why, in a sentence for people.</param>
/// <param name="CopyOf">The index of whoever committed to the same update earlier; null where nobody did.</param>
public sealed record ParticipantScore(int Index, BigInteger Points, double Gain, string Reason, int? CopyOf = null);
