using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Research.Privacy.Ledger;

/// <summary>A ledger as others may see it: whatever depends on records is left out.</summary>
internal static class LedgerStatement
{
    private const string Format = "research-privacy-statement/1";

    // How many rows a unit has depends on the data.
    private const string Neighbours = "add or remove one row; the epsilon of a unit with several rows is larger";

    /// <summary>Writes the terms, each release's plan, and what a record that was part of all may have spent.</summary>
    public static string Write(LedgerHeader header, IReadOnlyList<LedgerEntry> entries)
    {
        ArrayBufferWriter<byte> buffer = new();
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A document of its own, never part of HTML.
        };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("neighbours", Neighbours);
            json.WriteNumber("epsilonCap", header.EpsilonCap);
            json.WriteNumber("delta", header.Delta);
            json.WriteNumber("epsilonAtMost", AtMost(header, entries));
            json.WriteStartArray("releases");
            PlanEpsilon plans = new(header.Delta);
            foreach (LedgerEntry entry in entries)
            {
                Write(json, entry, plans.Of(entry.Plan));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, LedgerEntry entry, double epsilon)
    {
        json.WriteStartObject();
        json.WriteString("purpose", entry.Purpose.Text);
        if (entry.Purpose.Specification is string spec)
        {
            json.WriteString("spec", spec);
            json.WriteNumber("round", entry.Purpose.Round + 1);
            json.WriteNumber("rounds", entry.Purpose.Rounds);
            json.WriteBoolean("planIsOfAllRounds", entry.IsReserved);
        }

        json.WriteBoolean("secretNoise", entry.IsNoiseSecret);
        LedgerEvent.Write(json, "plan", entry.Plan);
        if (double.IsFinite(epsilon))
        {
            json.WriteNumber("epsilonOfPlan", epsilon);
        }

        json.WriteEndObject();
    }

    // Every charge that returned left every record within the cap.
    private static double AtMost(LedgerHeader header, IReadOnlyList<LedgerEntry> entries)
    {
        HashSet<string> reserved = new(StringComparer.Ordinal);
        List<LedgerEntry> plans = [.. entries.Where(entry =>
            !(entry.IsReserved && !reserved.Add(entry.Purpose.Task!)) && !entry.Plan.All(e => e.IsFree))];
        double epsilon = plans.Count switch
        {
            0 => 0,
            1 => new PlanEpsilon(header.Delta).Of(plans[0].Plan),
            _ => OfAll(header, plans),
        };
        return entries.Count == 0 ? 0 : Math.Min(epsilon, header.EpsilonCap);
    }

    private static double OfAll(LedgerHeader header, List<LedgerEntry> plans)
    {
        IAdaptiveFilter filter = header.MakeFilter();
        return filter.Epsilon(plans.Sum(entry => entry.Plan.Where(e => !e.IsFree).Sum(filter.Cost)));
    }
}
