using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A result was posted for a round.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Poster">Who posted it and locked a bond.</param>
/// <param name="Root">Merkle root over the claims.</param>
/// <param name="Total">Sum of the amounts.</param>
/// <param name="ModelHash">SHA-256 of the round's model.</param>
/// <param name="TraceRoot">Root of the tree over the 128-byte leaves of the trace.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record ScorePosted(
    ulong TaskId,
    int Round,
    Address Poster,
    Bytes32 Root,
    Wei Total,
    Bytes32 ModelHash,
    Bytes32 TraceRoot,
    EventLog Log)
{
    internal static ScorePosted From(Generated.ScorePostedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Poster.ToAddress(),
        message.Root.ToBytes32(),
        message.Total.ToWei(),
        message.ModelHash.ToBytes32(),
        message.TraceRoot.ToBytes32(),
        log);
}
