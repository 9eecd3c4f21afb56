using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A participant committed to an update.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Who must reveal.</param>
/// <param name="Commitment">Hash of the update's hash and a salt.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Committed(
    ulong TaskId,
    int Round,
    Address Participant,
    Bytes32 Commitment,
    EventLog Log)
{
    internal static Committed FromAbi(object[] values, EventLog log) => new(
        values[0].ToUInt64(),
        values[1].ToInt32(),
        (Address)values[2],
        (Bytes32)values[3],
        log);
}
