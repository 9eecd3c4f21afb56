using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>The state of one round; all zero before its first reveal.</summary>
/// <param name="Root">Merkle root of the posted rewards; zero until posted.</param>
/// <param name="ModelHash">SHA-256 of the posted model; the next round starts from it only if
/// the outcome is Scored.</param>
/// <param name="TraceRoot">Merkle root of the posted execution trace.</param>
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
    internal static Round FromAbi(object value)
    {
        object[] fields = (object[])value;
        return new Round(
            (Bytes32)fields[0],
            (Bytes32)fields[1],
            (Bytes32)fields[2],
            (Bytes32)fields[3],
            fields[4].ToWei(),
            fields[5].ToWei(),
            (Address)fields[6],
            fields[7].ToInt32(),
            fields[8].ToEnum<Outcome>(),
            (Address)fields[9]);
    }
}
