using System.Globalization;

namespace Research.Cli.Tasks;

/// <summary>The chain's times as the clock on this user's wall shows them.</summary>
internal static class LocalTime
{
    private const ulong LastOfCalendar = 253_402_300_799;

    /// <summary>Gets a time as a date with its offset; times past the calendar stay numbers.</summary>
    /// <param name="time">Unix seconds.</param>
    public static string At(ulong time) => time < LastOfCalendar - 86_400
        ? DateTimeOffset.FromUnixTimeSeconds((long)time).ToLocalTime()
            .ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"second {time}");

    /// <summary>Gets a time with how far it is: <c>2026-11-22 16:00:00 +01:00 (in 12 min 3 s)</c>.</summary>
    /// <param name="now">The chain's time.</param>
    /// <param name="time">Unix seconds.</param>
    public static string When(ulong now, ulong time) =>
        $"{At(time)} ({(time > now ? $"in {Span(time - now)}" : $"{Span(now - time)} ago")})";

    /// <summary>Gets what to say where this machine's clock and the chain's newest block are far apart; null where they are not.
    /// </summary>
    /// <param name="here">This machine's time, in Unix seconds.</param>
    /// <param name="chain">The newest block's.</param>
    /// <param name="blockSeconds">Seconds between two blocks, about; 0 where that is not known.</param>
    public static string? ClockNotice(ulong here, ulong chain, double blockSeconds)
    {
        const ulong Most = 90;
        ulong apart = here > chain ? here - chain : chain - here;
        if (apart <= Math.Max(Most, (ulong)(blockSeconds * 5)))
        {
            return null;
        }

        return here > chain
            ? $"The newest block is {Span(apart)} old by this machine's clock: either that is fast, or the chain stands still. Deadlines "
                + "are the chain's."
            : $"This machine's clock is {Span(apart)} behind the chain's newest block: set it right. Deadlines are the chain's.";
    }

    /// <summary>Reads a date and a time of day, local unless it says an offset, or Unix seconds.</summary>
    public static ulong? Read(string text)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seconds))
        {
            return seconds;
        }

        return text.Length >= "2026-01-01T00:00".Length
            && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
            && time >= DateTimeOffset.UnixEpoch
                ? (ulong)time.ToUnixTimeSeconds()
                : null;
    }

    /// <summary>Gets a length of time in words.</summary>
    public static string Span(ulong seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3600 => $"{seconds / 60} min {seconds % 60} s",
        < 86_400 => $"{seconds / 3600} h {seconds % 3600 / 60} min",
        < 2 * 86_400 => $"1 day {seconds % 86_400 / 3600} h",
        _ => $"{seconds / 86_400} days {seconds % 86_400 / 3600} h",
    };
}
