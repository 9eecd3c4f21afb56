using System.Globalization;

namespace Research.Interactive.Chains;

/// <summary>What became of a chain's clock.</summary>
/// <param name="Before">The time, in Unix seconds, that a transaction would have had before.</param>
/// <param name="After">The newest block's.</param>
/// <param name="Block">Its number.</param>
internal readonly record struct ClockMoved(ulong Before, ulong After, ulong Block)
{
    /// <summary>Writes a time as ISO 8601, in UTC.</summary>
    /// <param name="timestamp">Unix seconds; what is past the year 9999 is written as they are.</param>
    public static string Text(ulong timestamp) => timestamp <= Research.Chain.ChainClock.End
        ? DateTimeOffset.FromUnixTimeSeconds((long)timestamp)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : timestamp.ToString(CultureInfo.InvariantCulture);
}
