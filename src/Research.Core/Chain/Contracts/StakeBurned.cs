using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A stake was burned: its commitment was not revealed, or its update not shown on demand.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Whose stake it was.</param>
/// <param name="Amount">The stake.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record StakeBurned(
    ulong TaskId,
    int Round,
    Address Participant,
    Wei Amount,
    EventLog Log)
{
    internal static StakeBurned From(Generated.StakeBurnedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Amount.ToWei(),
        log);
}
