using System.Globalization;
using Research.Chain.Contracts;

namespace Research.Interactive.Chains;

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
        Chain.Contracts.Phase.Closed => "closed; what is due stays due",
        Chain.Contracts.Phase phase =>
            $"{Name(phase)} window of round {Position.Round + 1} of {Terms.Rounds}, until {When(Until!.Value)}",
    };

    /// <summary>Gets a time with how far it is from now: <c>2026-11-22 15:00:00 UTC (in 12 min 3 s)</c>.</summary>
    public string When(ulong time) =>
        $"{Time(time)} ({(time > Now ? $"in {Span(time - Now)}" : $"{Span(Now - time)} ago")})";

    /// <summary>Gets a time as a date; times past the calendar stay numbers.</summary>
    public static string Time(ulong time) => time <= 253_402_300_799
        ? DateTimeOffset.FromUnixTimeSeconds((long)time)
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"second {time}");

    /// <summary>Gets a phase's name in a sentence.</summary>
    public static string Name(Phase phase) => phase.ToString().ToLowerInvariant();

    private static string Span(ulong seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3600 => $"{seconds / 60} min {seconds % 60} s",
        < 86_400 => $"{seconds / 3600} h {seconds % 3600 / 60} min",
        _ => $"{seconds / 86_400} days {seconds % 86_400 / 3600} h",
    };
}
