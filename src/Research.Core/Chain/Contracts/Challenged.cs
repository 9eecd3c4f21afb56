using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A posted result was challenged.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Challenger">Who challenged and locked a bond.</param>
/// <param name="Root">The Merkle root that the challenger computed.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Challenged(
    ulong TaskId,
    int Round,
    Address Challenger,
    Bytes32 Root,
    EventLog Log)
{
    internal static Challenged From(Generated.ChallengedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Challenger.ToAddress(),
        message.Root.ToBytes32(),
        log);
}
