using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A published task.</summary>
/// <param name="Terms">What was offered, with the start resolved to a time; it has fewer rounds once the target was
/// reached early.</param>
/// <param name="Sponsor">Who published it, and who receives refunds.</param>
/// <param name="Finalised">Number of rounds finalised, in order.</param>
/// <param name="Carried">What earlier rounds did not earn, in units of the pool; the next round adds it to its own
/// part.</param>
public sealed record MarketTask(Terms Terms, Address Sponsor, int Finalised, Wei Carried)
{
    internal static MarketTask From(Generated.Task message, Bytes32 specHash) => new(
        Terms.From(message.Terms, specHash),
        message.Sponsor.ToAddress(),
        message.Finalised,
        message.Carried.ToWei());
}
