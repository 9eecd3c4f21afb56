using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>What was left of a pool went back to the sponsor.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Sponsor">Who received it.</param>
/// <param name="Amount">What was left, in units of the pool.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Refunded(
    ulong TaskId,
    Address Sponsor,
    Wei Amount,
    EventLog Log)
{
    internal static Refunded From(Generated.RefundedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Sponsor.ToAddress(),
        message.Amount.ToWei(),
        log);
}
