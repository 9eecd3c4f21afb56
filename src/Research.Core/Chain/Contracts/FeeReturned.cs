using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A fee whose demand was not answered went back.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Whose update was demanded.</param>
/// <param name="Chunk">Which piece, from zero.</param>
/// <param name="Fee">What went back.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record FeeReturned(
    ulong TaskId,
    int Round,
    Address Participant,
    int Chunk,
    Wei Fee,
    EventLog Log)
{
    internal static FeeReturned From(Generated.FeeReturnedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Chunk.ToInt32(),
        message.Fee.ToWei(),
        log);
}
