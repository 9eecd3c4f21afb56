using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>How far a case is; all zero where nobody has demanded or refuted anything.</summary>
/// <param name="Party">The claimant that its fees go to; once it fell, who made it fall.</param>
/// <param name="Base">When its time began to count, in Unix seconds; zero: nobody has demanded anything.</param>
/// <param name="Window">Seconds of the task's refute window, and of each level of demands.</param>
/// <param name="Levels">One more than the deepest level that was demanded; zero for none.</param>
/// <param name="Depth">Levels of the trace's tree above its leaves.</param>
/// <param name="ResultsDepth">Levels of the results' tree above its leaves.</param>
/// <param name="HasFallen">Whether it fell.</param>
public sealed record CaseBoard(
    Address Party, ulong Base, uint Window, int Levels, int Depth, int ResultsDepth, bool HasFallen)
{
    /// <summary>Gets the first second in which nothing can be demanded of it, or expire, any more; zero where nothing
    /// was.</summary>
    public ulong Settled => Levels == 0 ? 0 : Base + ((ulong)Window * (1 + (ulong)Levels));

    internal static CaseBoard From(Generated.Refuter.Board message) => new(
        message.Party.ToAddress(),
        message.Base,
        message.Window,
        message.Levels,
        message.Depth,
        message.ResultsDepth,
        message.HasFallen);
}
