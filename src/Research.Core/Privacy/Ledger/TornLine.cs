using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>The beginning of a line that a crash cut short.</summary>
internal static class TornLine
{
    private const int EventDepth = 2;

    /// <summary>Gets what the line meant to charge, or null when it ends before it says so.</summary>
    /// <param name="fragment">A line's first bytes.</param>
    public static PrivacyEvent? Intention(ReadOnlySpan<byte> fragment)
    {
        Dictionary<string, double> numbers = [];
        string? kind = null;
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
                else if (reader.CurrentDepth == EventDepth && reader.TokenType == JsonTokenType.Number)
                {
                    numbers.TryAdd(member, reader.GetDouble());
                }
                else if (reader.CurrentDepth == EventDepth && member == "kind"
                    && reader.TokenType == JsonTokenType.String)
                {
                    kind ??= reader.GetString();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Event(kind, numbers); // Garbage after the cut; what stood before it still counts.
        }

        return Event(kind, numbers);
    }

    // Steps come last, so with them the event is whole.
    private static PrivacyEvent? Event(string? kind, Dictionary<string, double> numbers)
    {
        try
        {
            return LedgerEvent.Read(kind, numbers);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
