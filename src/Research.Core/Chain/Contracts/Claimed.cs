using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A reward was paid, by proof or by default split.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Who was paid.</param>
/// <param name="Index">The place in reveal order.</param>
/// <param name="Amount">The reward, in units of the pool.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Claimed(
    ulong TaskId,
    int Round,
    Address Participant,
    int Index,
    Wei Amount,
    EventLog Log)
{
    internal static Claimed From(Generated.ClaimedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Index.ToInt32(),
        message.Amount.ToWei(),
        log);
}
