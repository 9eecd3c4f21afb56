using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>The beginning of a line that a crash cut short.</summary>
internal static class TornLine
{
    /// <summary>Gets what the line meant to charge, or null when it ends before it says so.</summary>
    /// <param name="fragment">A line's first bytes.</param>
    public static PrivacyEvent? Intention(ReadOnlySpan<byte> fragment)
    {
        Dictionary<string, double> numbers = [];
        Utf8JsonReader reader = new(fragment, isFinalBlock: false, default);
        try
        {
            string member = "";
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    member = reader.GetString()!;
                }
                else if (reader.TokenType == JsonTokenType.Number)
                {
                    numbers.TryAdd(member, reader.GetDouble());
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Event(numbers); // Garbage after the cut; what stood before it still counts.
        }

        return Event(numbers);
    }

    private static GaussianEvent? Event(Dictionary<string, double> numbers) =>
        numbers.TryGetValue("sampleRate", out double sampleRate) && sampleRate is >= 0 and <= 1
        && numbers.TryGetValue("noiseMultiplier", out double noise) && noise > 0 && double.IsFinite(noise)
        && numbers.TryGetValue("steps", out double steps) && steps is >= 0 and <= int.MaxValue
            ? new GaussianEvent(sampleRate, noise, (int)steps)
            : null;
}
