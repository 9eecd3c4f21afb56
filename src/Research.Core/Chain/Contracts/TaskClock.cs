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
        UInt128 answer = reveal + terms.RevealSeconds;
        UInt128 open = answer + terms.AnswerSeconds;
        UInt128 score = open + terms.OpenSeconds;
        UInt128 refute = score + terms.ScoreSeconds;
        return new Schedule(
            Clamp(commit),
            Clamp(reveal),
            Clamp(answer),
            Clamp(answer + (terms.AnswerSeconds / 2)),
            Clamp(open),
            Clamp(score),
            Clamp(score + (terms.ScoreSeconds / 2)),
            Clamp(refute),
            Clamp(refute + terms.RefuteSeconds));
    }

    /// <summary>Gets the round and phase at a time; a phase with no length is never there.</summary>
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
        ulong answer = reveal + terms.RevealSeconds;
        ulong open = answer + terms.AnswerSeconds;
        ulong score = open + terms.OpenSeconds;
        ulong refute = score + terms.ScoreSeconds;
        Phase phase = within < reveal ? Phase.Commit
            : within < answer ? Phase.Reveal
            : within < open ? Phase.Answer
            : within < score ? Phase.Open
            : within < refute ? Phase.Score
            : Phase.Refute;
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
            Phase.Reveal => schedule.Answer,
            Phase.Answer => schedule.Open,
            Phase.Open => schedule.Score,
            Phase.Score => schedule.Refute,
            Phase.Refute => schedule.End,
            _ => null,
        };
    }

    private static ulong RoundSeconds(Terms terms) =>
        (ulong)terms.CommitSeconds
        + terms.RevealSeconds
        + terms.AnswerSeconds
        + terms.OpenSeconds
        + terms.ScoreSeconds
        + terms.RefuteSeconds;

    private static ulong Clamp(UInt128 seconds) => (ulong)UInt128.Min(seconds, ulong.MaxValue);
}
