using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A task was published and its pool locked.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Sponsor">Who pays.</param>
/// <param name="SpecHash">SHA-256 of the canonical specification.</param>
/// <param name="Terms">What was offered, with the start resolved to a time.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record TaskPublished(
    ulong TaskId,
    Address Sponsor,
    Bytes32 SpecHash,
    Terms Terms,
    EventLog Log)
{
    internal static TaskPublished FromAbi(object[] values, EventLog log) => new(
        values[0].ToUInt64(),
        (Address)values[1],
        (Bytes32)values[2],
        Terms.FromAbi(values[3]),
        log);
}
