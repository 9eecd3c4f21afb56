namespace Research.Chain.Contracts;

/// <summary>When one round's windows begin and end, in Unix seconds.</summary>
/// <param name="Commit">First second in which a commitment is taken.</param>
/// <param name="Reveal">First second in which a reveal is taken.</param>
/// <param name="Score">First second in which a score is taken.</param>
/// <param name="Challenge">First second in which a challenge is taken.</param>
/// <param name="End">First second after the round: it can be finalised, and the next round begins.</param>
public sealed record Schedule(ulong Commit, ulong Reveal, ulong Score, ulong Challenge, ulong End)
{
    internal static Schedule From(Generated.Schedule message) => new(
        message.Commit.ToUInt64(),
        message.Reveal.ToUInt64(),
        message.Score.ToUInt64(),
        message.Challenge.ToUInt64(),
        message.End.ToUInt64());
}
