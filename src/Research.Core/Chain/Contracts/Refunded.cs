using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>What was left of a pool went back to the sponsor.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Sponsor">Who received it.</param>
/// <param name="Amount">What was left, in units of the pool.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Refunded(
    ulong TaskId,
    Address Sponsor,
    Wei Amount,
    EventLog Log)
{
    internal static Refunded FromAbi(object[] values, EventLog log) => new(
        values[0].ToUInt64(),
        (Address)values[1],
        values[2].ToWei(),
        log);
}
