using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A task was published and its pool locked.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Sponsor">Who pays.</param>
/// <param name="SpecHash">SHA-256 of the canonical specification.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record TaskPublished(
    ulong TaskId,
    Address Sponsor,
    Bytes32 SpecHash,
    EventLog Log)
{
    internal static TaskPublished From(Generated.TaskPublishedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Sponsor.ToAddress(),
        message.SpecHash.ToBytes32(),
        log);
}
