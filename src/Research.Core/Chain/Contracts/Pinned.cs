using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>The block's hash that chooses which records are opened before the commitments was written down.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Pin">The hash of the block after the publication's.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Pinned(ulong TaskId, Bytes32 Pin, EventLog Log)
{
    internal static Pinned From(Generated.PinnedEventDTO message, EventLog log) =>
        new(message.TaskId.ToUInt64(), message.Pin.ToBytes32(), log);
}
