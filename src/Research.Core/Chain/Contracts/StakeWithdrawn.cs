using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A participant took its stake back.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Participant">Whose stake it was.</param>
/// <param name="Amount">The stake.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record StakeWithdrawn(
    ulong TaskId,
    Address Participant,
    Wei Amount,
    EventLog Log)
{
    internal static StakeWithdrawn From(Generated.StakeWithdrawnEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Participant.ToAddress(),
        message.Amount.ToWei(),
        log);
}
