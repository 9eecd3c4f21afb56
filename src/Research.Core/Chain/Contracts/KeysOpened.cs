using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>Evaluation keys were opened, proved against the root in the terms.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Chunk">Which keys: 128 a chunk, in order.</param>
/// <param name="Keys">32 bytes each.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record KeysOpened(
    ulong TaskId,
    int Round,
    int Chunk,
    ReadOnlyMemory<byte> Keys,
    EventLog Log)
{
    internal static KeysOpened From(Generated.KeysOpenedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Chunk.ToInt32(),
        message.Keys,
        log);
}
