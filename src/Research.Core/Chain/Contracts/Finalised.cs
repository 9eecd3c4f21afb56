using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A round's outcome was fixed and its bonds credited.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Outcome">How the round ended.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Finalised(
    ulong TaskId,
    int Round,
    Outcome Outcome,
    EventLog Log)
{
    internal static Finalised From(Generated.FinalisedEventDTO message, EventLog log) => new(
        message.TaskId.ToUInt64(),
        message.Round.ToInt32(),
        message.Outcome.ToEnum<Outcome>(),
        log);
}
