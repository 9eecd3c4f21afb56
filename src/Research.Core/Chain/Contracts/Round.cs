using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>The state of one round; all zero before its first reveal.</summary>
/// <param name="Roster">Hash chain over the reveals; see <see cref="TrainingMarket.NextRoster"/>.</param>
/// <param name="ResultsRoot">Root of the final claim's results; zero until one is final.</param>
/// <param name="ModelRoot">Root of the model after the round: the final claim's; of a round without one, the one before; zero
/// while it is the one that the task starts from.</param>
/// <param name="Pool">What the round pays from, in units of the pool; zero until finalised.</param>
/// <param name="Remaining">What of it is earned and not paid yet; of an empty round, what is not refunded.</param>
/// <param name="Reveals">Number of updates revealed.</param>
/// <param name="Claims">Number of claims posted.</param>
/// <param name="Lead">Place of the earliest claim that stands.</param>
/// <param name="KeyChunks">Number of chunks of evaluation keys opened.</param>
/// <param name="IsOpen">Whether these are all.</param>
/// <param name="Outcome">How the round ended.</param>
/// <param name="InToken">Whether it pays in a token.</param>
/// <param name="Divisor">Points that earn the whole pool: the larger of total and target.</param>
/// <param name="Depth">Levels of a trace's tree above its leaves; zero until the keys are open.</param>
/// <param name="FinalisedAt">When it was finalised, in Unix seconds; zero until then.</param>
public sealed record Round(
    Bytes24 Roster,
    Bytes32 ResultsRoot,
    Bytes32 ModelRoot,
    Wei Pool,
    Wei Remaining,
    int Reveals,
    int Claims,
    int Lead,
    int KeyChunks,
    bool IsOpen,
    Outcome Outcome,
    bool InToken,
    ulong Divisor,
    int Depth,
    ulong FinalisedAt)
{
    internal static Round From(Generated.Round message) => new(
        new Bytes24(message.Roster),
        message.ResultsRoot.ToBytes32(),
        message.ModelRoot.ToBytes32(),
        message.Pool.ToWei(),
        message.Remaining.ToWei(),
        checked((int)message.Reveals),
        checked((int)message.Claims),
        checked((int)message.Lead),
        message.KeyChunks,
        message.IsOpen,
        message.Outcome.ToEnum<Outcome>(),
        message.InToken,
        message.Divisor,
        message.Depth,
        message.FinalisedAt);
}
