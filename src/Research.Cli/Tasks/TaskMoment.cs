using System.Globalization;
using Research.Chain.Contracts;

namespace Research.Cli.Tasks;

/// <summary>Where a task stands when a transaction sent now would be mined, in numbers and in words.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="Now">The chain's time, in Unix seconds.</param>
internal sealed record TaskMoment(ulong TaskId, Terms Terms, ulong Now)
{
    /// <summary>Gets the round, from 0, and the phase.</summary>
    public TaskPosition Position { get; } = Terms.PositionAt(Now);

    /// <summary>Gets the first second after this phase; null once the task is closed.</summary>
    public ulong? Until => Terms.EndOf(Position);

    /// <summary>Gets the phase and how long it lasts.</summary>
    public string Phase => Position.Phase switch
    {
        Chain.Contracts.Phase.Pending => $"not started, until {When(Until!.Value)}",
        Chain.Contracts.Phase.Closed => Now < Terms.ClaimDeadline()
            ? $"closed; claims are open until {When(Terms.ClaimDeadline())}"
            : $"closed; claims ended {Time(Terms.ClaimDeadline())}",
        Chain.Contracts.Phase phase =>
            $"{Name(phase)} window of round {Position.Round + 1} of {Terms.Rounds}, until {When(Until!.Value)}",
    };

    /// <summary>Gets what can be done now.</summary>
    public string Next => Position.Phase switch
    {
        Chain.Contracts.Phase.Pending => $"research task train {TaskId}",
        Chain.Contracts.Phase.Commit => $"research task train {TaskId}, research task commit {TaskId}",
        Chain.Contracts.Phase.Reveal => $"research task reveal {TaskId}",
        Chain.Contracts.Phase.Score =>
            $"research task open {TaskId} (its sponsor), research task score {TaskId} --post",
        Chain.Contracts.Phase.Challenge =>
            $"research task score {TaskId}, research task challenge {TaskId} if it differs",
        _ => Now < Terms.ClaimDeadline()
            ? $"research task finalise {TaskId}, research task claim {TaskId}, research task withdraw {TaskId}"
            : $"research task refund {TaskId}, research task withdraw {TaskId}",
    };

    /// <summary>Throws unless the task is in a phase.</summary>
    /// <param name="wanted">The phase.</param>
    /// <param name="refused">What is not done in another, as a clause: <c>no commitment is taken</c>.</param>
    /// <exception cref="CommandException">It is in another; the message says in which, until
    /// when, and what can be done.</exception>
    public void Require(Phase wanted, string refused)
    {
        if (Position.Phase != wanted)
        {
            throw new CommandException(
                $"Task {TaskId}: {Phase}; {refused} now. {NextWindow(wanted)} What can be done now: {Next}.");
        }
    }

    /// <summary>Throws unless a round exists.</summary>
    /// <exception cref="CommandException">The task has fewer rounds.</exception>
    public void RequireRound(int round)
    {
        if (round >= Terms.Rounds)
        {
            throw new CommandException(
                $"--round: expected 1 to {Terms.Rounds}, the rounds of task {TaskId}, got {round + 1}.");
        }
    }

    /// <summary>Gets a time with how far it is from now: <c>2026-11-22 15:00:00 UTC (in 12 min 3 s)</c>.</summary>
    public string When(ulong time) =>
        $"{Time(time)} ({(time > Now ? $"in {Span(time - Now)}" : $"{Span(Now - time)} ago")})";

    /// <summary>Gets a time as a date; times past the calendar stay numbers.</summary>
    public static string Time(ulong time) => time <= 253_402_300_799
        ? DateTimeOffset.FromUnixTimeSeconds((long)time)
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"second {time}");

    private static string Name(Phase phase) => phase.ToString().ToLowerInvariant();

    private static string Span(ulong seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3600 => $"{seconds / 60} min {seconds % 60} s",
        < 86_400 => $"{seconds / 3600} h {seconds % 3600 / 60} min",
        _ => $"{seconds / 86_400} days {seconds % 86_400 / 3600} h",
    };

    private string NextWindow(Phase wanted)
    {
        for (int round = Position.Round; round < Math.Min(Position.Round + 2, Terms.Rounds); round++)
        {
            Schedule schedule = Terms.ScheduleOf(round);
            ulong start = wanted switch
            {
                Chain.Contracts.Phase.Commit => schedule.Commit,
                Chain.Contracts.Phase.Reveal => schedule.Reveal,
                Chain.Contracts.Phase.Score => schedule.Score,
                _ => schedule.Challenge,
            };
            if (start > Now)
            {
                return $"The next {Name(wanted)} window is that of round {round + 1}, from {When(start)}.";
            }
        }

        return $"There is no later {Name(wanted)} window.";
    }
}
