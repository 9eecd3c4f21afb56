using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A piece of an update is on chain, proved against its root.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Whose update it is.</param>
/// <param name="Chunk">Which piece, from zero: 16,384 bytes each, the last one shorter.</param>
/// <param name="Data">Its bytes.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record UpdateShown(
    ulong TaskId,
    int Round,
    Address Participant,
    int Chunk,
    ReadOnlyMemory<byte> Data,
    EventLog Log)
{
    internal static UpdateShown From(Generated.UpdateShownEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Chunk.ToInt32(),
        message.Data,
        log);
}
