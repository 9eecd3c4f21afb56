using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>What one participant's update was worth, and why.</summary>
/// <param name="Index">The participant's place in reveal order, from 0.</param>
/// <param name="Points">The integer that rewards are split by, 0 to 1,000,000: a full share.</param>
/// <param name="Share">The update's signal over that of an honest owner with the quota of records; negative when it does
/// harm, and above 1 it earns no more.</param>
/// <param name="Reason">Why, in a sentence for people.</param>
/// <param name="CopyOf">The index of whoever committed to the same work earlier; null where nobody did.</param>
public sealed record ParticipantScore(int Index, BigInteger Points, double Share, string Reason, int? CopyOf = null);
