using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>One account's claim in a round; all zero where there is none.</summary>
/// <param name="Digest">The seal; once posted, a hash of the result.</param>
/// <param name="Place">Its place in the order of posting.</param>
/// <param name="State">Where it stands.</param>
public sealed record MarketClaim(Bytes24 Digest, int Place, ClaimState State)
{
    internal static MarketClaim From(Generated.Claim message) => new(
        message.Digest.ToBytes24(), checked((int)message.Place), message.State.ToEnum<ClaimState>());
}
