using Research.Chain.Primitives;

namespace Research.Market;

/// <summary>What a participant must keep between commitment and reveal; without the salt its stake is lost.</summary>
/// <param name="Market">The market's address.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from 0.</param>
/// <param name="Participant">Who committed.</param>
/// <param name="UpdateRoot">Root of the tree over the update's numbers.</param>
/// <param name="UpdateHash">SHA-256 of the update's file.</param>
/// <param name="Salt">The secret salt.</param>
internal sealed record PendingReveal(
    string Market, ulong TaskId, int Round, string Participant, string UpdateRoot, string UpdateHash, string Salt)
{
    public Bytes32 RootWord => Bytes32.Parse(UpdateRoot);

    public Bytes32 FileWord => Bytes32.Parse(UpdateHash);

    public Bytes32 SaltWord => Bytes32.Parse(Salt);
}
