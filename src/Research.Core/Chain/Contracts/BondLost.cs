using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A refuted claim's bond was lost.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Claimant">Whose bond it was.</param>
/// <param name="Winner">Who made it fall.</param>
/// <param name="Amount">What the winner got: its gas, and half of the rest.</param>
/// <param name="Burned">What nobody will ever have.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record BondLost(
    ulong TaskId,
    int Round,
    Address Claimant,
    Address Winner,
    Wei Amount,
    Wei Burned,
    EventLog Log)
{
    internal static BondLost From(Generated.BondLostEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Claimant.ToAddress(),
        message.Winner.ToAddress(),
        message.Amount.ToWei(),
        message.Burned.ToWei(),
        log);
}
