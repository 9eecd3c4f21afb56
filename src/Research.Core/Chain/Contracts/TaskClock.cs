namespace Research.Chain.Contracts;

/// <summary>
/// Tells a task's windows from its terms and a time alone, as <c>contracts/src/libraries/TaskClock.sol</c> does.
/// </summary>
/// <remarks>Times are Unix seconds; one too late for 64 bits is <see cref="ulong.MaxValue"/>.</remarks>
public static class TaskClock
{
    /// <summary>Gets a round's windows.</summary>
    /// <param name="terms">The terms, with their start resolved: those of a published task.</param>
    /// <param name="round">The round, from 0; not held to the number of rounds.</param>
    public static Schedule ScheduleOf(this Terms terms, int round)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        UInt128 commit = terms.Start + ((UInt128)round * RoundSeconds(terms));
        UInt128 reveal = commit + terms.CommitSeconds;
        UInt128 score = reveal + terms.RevealSeconds;
        UInt128 challenge = score + terms.ScoreSeconds;
        return new Schedule(
            Clamp(commit), Clamp(reveal), Clamp(score), Clamp(challenge), Clamp(challenge + terms.ChallengeSeconds));
    }

    /// <summary>Gets when claims close and the refund opens.</summary>
    /// <param name="terms">The terms of a published task.</param>
    public static ulong ClaimDeadline(this Terms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Clamp(terms.Start + ((UInt128)terms.Rounds * RoundSeconds(terms)) + terms.ClaimSeconds);
    }

    /// <summary>Gets the round and phase at a time.</summary>
    /// <param name="terms">The terms of a published task.</param>
    /// <param name="timestamp">Unix seconds.</param>
    public static TaskPosition PositionAt(this Terms terms, ulong timestamp)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (timestamp < terms.Start)
        {
            return new TaskPosition(0, Phase.Pending);
        }

        ulong round = (timestamp - terms.Start) / RoundSeconds(terms);
        if (round >= terms.Rounds)
        {
            return new TaskPosition(terms.Rounds, Phase.Closed);
        }

        ulong within = (timestamp - terms.Start) % RoundSeconds(terms);
        ulong reveal = terms.CommitSeconds;
        ulong score = reveal + terms.RevealSeconds;
        ulong challenge = score + terms.ScoreSeconds;
        Phase phase = within < reveal ? Phase.Commit
            : within < score ? Phase.Reveal
            : within < challenge ? Phase.Score
            : Phase.Challenge;
        return new TaskPosition((int)round, phase);
    }

    /// <summary>Gets the first second after a position; null once the task is closed, which it stays.</summary>
    /// <param name="terms">The terms of a published task.</param>
    /// <param name="position">Where it stands.</param>
    public static ulong? EndOf(this Terms terms, TaskPosition position)
    {
        Schedule schedule = terms.ScheduleOf(position.Round);
        return position.Phase switch
        {
            Phase.Pending => schedule.Commit,
            Phase.Commit => schedule.Reveal,
            Phase.Reveal => schedule.Score,
            Phase.Score => schedule.Challenge,
            Phase.Challenge => schedule.End,
            _ => null,
        };
    }

    private static ulong RoundSeconds(Terms terms) =>
        (ulong)terms.CommitSeconds + terms.RevealSeconds + terms.ScoreSeconds + terms.ChallengeSeconds;

    private static ulong Clamp(UInt128 seconds) => (ulong)UInt128.Min(seconds, ulong.MaxValue);
}
