using System.Globalization;

namespace Research.Market;

/// <summary>Seconds of the chain's clock, for people.</summary>
internal static class UnixTime
{
    private const ulong Last = 253_402_300_799; // The calendar's.

    /// <summary>Gets a time as a date; times past the calendar stay numbers.</summary>
    public static string Text(ulong seconds) => seconds <= Last
        ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"second {seconds}");
}
