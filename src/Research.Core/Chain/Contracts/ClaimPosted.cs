using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A sealed claim was opened.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Claimant">Who posted it.</param>
/// <param name="Place">Its place in the order of posting, from zero.</param>
/// <param name="Result">What it says.</param>
/// <param name="File">SHA-256 of the file that holds its results: only a name under which it may be fetched.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record ClaimPosted(
    ulong TaskId,
    int Round,
    Address Claimant,
    int Place,
    ClaimResult Result,
    Bytes32 File,
    EventLog Log)
{
    internal static ClaimPosted From(Generated.ClaimPostedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Claimant.ToAddress(),
        message.Place.ToInt32(),
        ClaimResult.From(message.Result),
        message.File.ToBytes32(),
        log);
}
