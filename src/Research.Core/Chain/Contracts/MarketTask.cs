using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A published task.</summary>
/// <param name="Terms">What was offered, with the start resolved to a time.</param>
/// <param name="Sponsor">Who published it, and who receives forfeited stakes and the refund.</param>
/// <param name="Refunded">Whether the remainder of the pool has gone back.</param>
/// <param name="Paid">Rewards paid so far over all rounds, in units of the pool.</param>
public sealed record MarketTask(Terms Terms, Address Sponsor, bool Refunded, Wei Paid)
{
    internal static MarketTask From(Generated.Task message) => new(
        Terms.From(message.Terms), message.Sponsor.ToAddress(), message.Refunded, message.Paid.ToWei());
}
