using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>An empty round's part of the pool and its audit fee went back to the sponsor.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Recipient">Where they went.</param>
/// <param name="Amount">The part, in units of the pool.</param>
/// <param name="AuditFee">The fee.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Refunded(
    ulong TaskId,
    int Round,
    Address Recipient,
    Wei Amount,
    Wei AuditFee,
    EventLog Log)
{
    internal static Refunded From(Generated.RefundedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Recipient.ToAddress(),
        message.Amount.ToWei(),
        message.AuditFee.ToWei(),
        log);
}
