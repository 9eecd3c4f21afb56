using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A claimant's bond went back, with its part of the audit fee.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Claimant">Whose bond it was.</param>
/// <param name="Recipient">Where it went.</param>
/// <param name="Amount">Bond and fee.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record BondPaid(
    ulong TaskId,
    int Round,
    Address Claimant,
    Address Recipient,
    Wei Amount,
    EventLog Log)
{
    internal static BondPaid From(Generated.BondPaidEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Claimant.ToAddress(),
        message.Recipient.ToAddress(),
        message.Amount.ToWei(),
        log);
}
