using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A reward was paid.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Who earned it.</param>
/// <param name="Index">The place in reveal order, from zero.</param>
/// <param name="Recipient">Where it went.</param>
/// <param name="Amount">The reward, in units of the pool.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record RewardPaid(
    ulong TaskId,
    int Round,
    Address Participant,
    int Index,
    Address Recipient,
    Wei Amount,
    EventLog Log)
{
    internal static RewardPaid From(Generated.RewardPaidEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Index.ToInt32(),
        message.Recipient.ToAddress(),
        message.Amount.ToWei(),
        log);
}
