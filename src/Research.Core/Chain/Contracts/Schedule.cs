namespace Research.Chain.Contracts;

/// <summary>When one round's windows begin and end, in Unix seconds.</summary>
/// <param name="Commit">First second in which a commitment is taken.</param>
/// <param name="Reveal">First second in which a reveal is taken.</param>
/// <param name="Answer">First second in which a demand or an answer is taken.</param>
/// <param name="Demanded">First second in which no demand is taken any more; answers are until <c>Open</c>.</param>
/// <param name="Open">First second after the answers; keys are taken from <c>Answer</c> to <c>Score</c>.</param>
/// <param name="Score">First second in which a sealed claim is taken.</param>
/// <param name="Post">First second in which a sealed claim is opened.</param>
/// <param name="Refute">First second after the claims.</param>
/// <param name="End">First second after the round: it can be finalised, and the next round begins.</param>
public sealed record Schedule(
    ulong Commit,
    ulong Reveal,
    ulong Answer,
    ulong Demanded,
    ulong Open,
    ulong Score,
    ulong Post,
    ulong Refute,
    ulong End)
{
    internal static Schedule From(Generated.Schedule message) => new(
        message.Commit.ToUInt64(),
        message.Reveal.ToUInt64(),
        message.Answer.ToUInt64(),
        message.Demanded.ToUInt64(),
        message.Open.ToUInt64(),
        message.Score.ToUInt64(),
        message.Post.ToUInt64(),
        message.Refute.ToUInt64(),
        message.End.ToUInt64());
}
