using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A sealed claim was taken and its bond locked.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Claimant">Who must open it.</param>
/// <param name="Seal">Hash of the result and a salt.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record ClaimSealed(
    ulong TaskId,
    int Round,
    Address Claimant,
    Bytes24 Seal,
    EventLog Log)
{
    internal static ClaimSealed From(Generated.ClaimSealedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Claimant.ToAddress(),
        message.Seal.ToBytes24(),
        log);
}
