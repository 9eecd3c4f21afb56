using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>The state of one round; all zero before its first reveal.</summary>
/// <param name="Root">Merkle root of the posted rewards; zero until posted.</param>
/// <param name="ModelHash">SHA-256 of the posted model; the next round starts from it only if
/// the outcome is Scored.</param>
/// <param name="TraceRoot">Root of the tree over the 128-byte leaves of the posted trace.</param>
/// <param name="Beacon">Randomness that seeds the scoring; final when the score phase begins.</param>
/// <param name="Total">Sum of the posted rewards.</param>
/// <param name="Claimed">Rewards of this round paid so far.</param>
/// <param name="Poster">Who posted the score, or the zero address.</param>
/// <param name="Reveals">Number of updates revealed.</param>
/// <param name="Outcome">How the round ended.</param>
/// <param name="Challenger">Who challenged the score, or the zero address.</param>
public sealed record Round(
    Bytes32 Root,
    Bytes32 ModelHash,
    Bytes32 TraceRoot,
    Bytes32 Beacon,
    Wei Total,
    Wei Claimed,
    Address Poster,
    int Reveals,
    Outcome Outcome,
    Address Challenger)
{
    internal static Round From(Generated.Round message) => new(
        message.Root.ToBytes32(),
        message.ModelHash.ToBytes32(),
        message.TraceRoot.ToBytes32(),
        message.Beacon.ToBytes32(),
        message.Total.ToWei(),
        message.Claimed.ToWei(),
        message.Poster.ToAddress(),
        checked((int)message.Reveals),
        message.Outcome.ToEnum<Outcome>(),
        message.Challenger.ToAddress());
}
