using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A participant revealed a committed update.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Whose update it is.</param>
/// <param name="Index">The place in reveal order, from zero.</param>
/// <param name="UpdateRoot">Root of the tree over the update's numbers: what was committed to.</param>
/// <param name="UpdateHash">SHA-256 of the update's file: only a name under which it may be fetched; zero for
/// none.</param>
/// <param name="Committed">The block of the commitment.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Revealed(
    ulong TaskId,
    int Round,
    Address Participant,
    int Index,
    Bytes32 UpdateRoot,
    Bytes32 UpdateHash,
    ulong Committed,
    EventLog Log)
{
    internal static Revealed From(Generated.RevealedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Participant.ToAddress(),
        message.Index.ToInt32(),
        message.UpdateRoot.ToBytes32(),
        message.UpdateHash.ToBytes32(),
        message.Committed.ToUInt64(),
        log);
}
