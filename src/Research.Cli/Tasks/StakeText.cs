using Research.Chain.Contracts;

namespace Research.Cli.Tasks;

/// <summary>When a stake is free, and when it is lost.</summary>
internal static class StakeText
{
    /// <summary>Says whether it can be withdrawn.</summary>
    public static bool IsFree(Position position, Terms terms, ulong now) => position.Standing switch
    {
        Standing.Revealed => now >= terms.ScheduleOf(position.Round).Open,
        Standing.Committed => position.Round >= terms.Rounds, // To a round that is not played any more.
        _ => false,
    };

    /// <summary>Gets from when on anybody can have it burned; null where nobody ever can as things stand.</summary>
    public static ulong? ForfeitFrom(Position position, Terms terms) => position.Standing switch
    {
        Standing.Committed when position.Round < terms.Rounds => terms.ScheduleOf(position.Round).Answer,
        Standing.Demanded => terms.ScheduleOf(position.Round).Open,
        _ => null,
    };

    /// <summary>Says why it is not free.</summary>
    public static string Held(ulong taskId, Position position, Terms terms, ulong now, Currency native)
    {
        string stake = $"The stake of {native.Of(terms.Stake)} in task {taskId}";
        if (position.Standing == Standing.Revealed)
        {
            return $"{stake} is free from {LocalTime.When(now, terms.ScheduleOf(position.Round).Open)} on, when "
                + "nothing can be demanded of it any more.";
        }

        ulong lost = ForfeitFrom(position, terms)!.Value;
        string missing = position.Standing == Standing.Committed
            ? $"the commitment of round {position.Round + 1} was not revealed"
            : $"what was demanded of the update of round {position.Round + 1} was not shown";
        return now >= lost
            ? $"{stake} is lost: {missing} by {LocalTime.At(lost)}."
            : position.Standing == Standing.Committed
                ? $"{stake} is held until the commitment of round {position.Round + 1} is revealed, by "
                    + $"{LocalTime.When(now, lost)}."
                : $"{stake} is held until the demanded pieces of the update are shown (research task answer "
                    + $"{taskId}), by {LocalTime.When(now, lost)}.";
    }
}
