using System.Numerics;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A case fell: every claim that says this.</summary>
/// <param name="Id">The case.</param>
/// <param name="Winner">Who made it fall.</param>
/// <param name="At">Where in the trace, in bytes; null for a result, or for what was withheld.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Refuted(Bytes32 Id, Address Winner, ulong? At, EventLog Log)
{
    private static readonly BigInteger Nowhere = (BigInteger.One << 256) - 1;

    internal static Refuted From(Generated.Refuter.RefutedEventDTO message, EventLog log) => new(
        message.Id.ToBytes32(),
        message.Winner.ToAddress(),
        message.Address == Nowhere ? null : message.Address.ToUInt64(),
        log);
}
