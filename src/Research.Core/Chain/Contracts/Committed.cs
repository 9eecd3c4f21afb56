using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A participant committed to an update.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Who must reveal.</param>
/// <param name="Commitment">Hash of the update's root and a salt.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Committed(
    ulong TaskId,
    int Round,
    Address Participant,
    Bytes24 Commitment,
    EventLog Log)
{
    internal static Committed From(Generated.CommittedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Commitment.ToBytes24(),
        log);
}
