using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>An account pulled its credit.</summary>
/// <param name="Account">Who was paid.</param>
/// <param name="Amount">The credit.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Withdrawn(
    Address Account,
    Wei Amount,
    EventLog Log)
{
    internal static Withdrawn From(Generated.WithdrawnEventDTO message, EventLog log) => new(
        message.Account.ToAddress(),
        message.Amount.ToWei(),
        log);
}
