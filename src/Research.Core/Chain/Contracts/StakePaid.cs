using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A participant took its stake back.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Participant">Whose stake it was.</param>
/// <param name="Recipient">Where it went.</param>
/// <param name="Amount">The stake.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record StakePaid(
    ulong TaskId,
    Address Participant,
    Address Recipient,
    Wei Amount,
    EventLog Log)
{
    internal static StakePaid From(Generated.StakePaidEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Participant.ToAddress(),
        message.Recipient.ToAddress(),
        message.Amount.ToWei(),
        log);
}
