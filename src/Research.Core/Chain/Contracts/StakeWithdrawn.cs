using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A participant took its stake back.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Participant">Whose stake it was.</param>
/// <param name="Amount">The stake.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record StakeWithdrawn(
    ulong TaskId,
    Address Participant,
    Wei Amount,
    EventLog Log)
{
    internal static StakeWithdrawn FromAbi(object[] values, EventLog log) => new(
        values[0].ToUInt64(),
        (Address)values[1],
        values[2].ToWei(),
        log);
}
