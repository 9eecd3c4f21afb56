using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A round's outcome was fixed.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Outcome">How the round ended.</param>
/// <param name="Claimant">Whose claim is final, or the zero address.</param>
/// <param name="Pool">What the round pays from, in units of the pool.</param>
/// <param name="Carried">What goes on to the next round.</param>
/// <param name="Burned">What nobody will ever have.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record RoundFinalised(
    ulong TaskId,
    int Round,
    Outcome Outcome,
    Address Claimant,
    Wei Pool,
    Wei Carried,
    Wei Burned,
    EventLog Log)
{
    internal static RoundFinalised From(Generated.RoundFinalisedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Outcome.ToEnum<Outcome>(),
        message.Claimant.ToAddress(),
        message.Pool.ToWei(),
        message.Carried.ToWei(),
        message.Burned.ToWei(),
        log);
}
