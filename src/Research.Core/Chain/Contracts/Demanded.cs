using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A piece of an update was demanded.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Whose update it is.</param>
/// <param name="Chunk">Which piece, from zero.</param>
/// <param name="Demander">Who asked.</param>
/// <param name="Fee">What goes to the participant, once shown.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Demanded(
    ulong TaskId,
    int Round,
    Address Participant,
    int Chunk,
    Address Demander,
    Wei Fee,
    EventLog Log)
{
    internal static Demanded From(Generated.DemandedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Chunk.ToInt32(),
        message.Demander.ToAddress(),
        message.Fee.ToWei(),
        log);
}
