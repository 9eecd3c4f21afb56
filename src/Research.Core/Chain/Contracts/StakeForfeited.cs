using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A stake was forfeited to the sponsor's credit because a commitment was not revealed.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Participant">Whose stake it was.</param>
/// <param name="Amount">The stake.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record StakeForfeited(
    ulong TaskId,
    int Round,
    Address Participant,
    Wei Amount,
    EventLog Log)
{
    internal static StakeForfeited FromAbi(object[] values, EventLog log) => new(
        values[0].ToUInt64(),
        values[1].ToInt32(),
        (Address)values[2],
        values[3].ToWei(),
        log);
}
