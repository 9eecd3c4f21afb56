using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>An event as members of a JSON object: one form for each kind.</summary>
/// <remarks>The Gaussian event names no kind: it is by far the most common.</remarks>
internal static class LedgerEvent
{
    /// <summary>The most events that a plan may have.</summary>
    public const int MostEvents = 64;

    private const string Kinds = "laplace, discrete-gaussian, randomized-response, pure or concentrated";

    /// <summary>Writes a plan, an array of objects.</summary>
    /// <exception cref="NotSupportedException">An event is of no kind that a ledger knows.</exception>
    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<PrivacyEvent> plan)
    {
        json.WriteStartArray(name);
        foreach (PrivacyEvent e in plan)
        {
            json.WriteStartObject();
            Write(json, e);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    public static PrivacyEvent[] ReadPlan(JsonElement json)
    {
        int events = json.GetArrayLength();
        return events is > 0 and <= MostEvents
            ? [.. json.EnumerateArray().Select(Read)]
            : throw new FormatException(FormattableString.Invariant($"plan: expected 1 to {MostEvents} events, got {events}"));
    }

    /// <summary>Writes the members; steps come last.</summary>
    /// <exception cref="NotSupportedException">The event is of no kind that a ledger knows.</exception>
    private static void Write(Utf8JsonWriter json, PrivacyEvent e)
    {
        switch (e)
        {
            case GaussianEvent gaussian:
                json.WriteNumber("sampleRate", gaussian.SampleRate);
                json.WriteNumber("noiseMultiplier", gaussian.NoiseMultiplier);
                break;
            case LaplaceEvent laplace:
                json.WriteString("kind", "laplace");
                json.WriteNumber("scale", laplace.Scale);
                break;
            case DiscreteGaussianEvent discrete:
                json.WriteString("kind", "discrete-gaussian");
                json.WriteNumber("sigma", discrete.Sigma);
                break;
            case RandomizedResponseEvent response:
                json.WriteString("kind", "randomized-response");
                json.WriteNumber("epsilon", response.Epsilon);
                json.WriteNumber("categories", response.Categories);
                break;
            case PureEvent pure:
                json.WriteString("kind", "pure");
                json.WriteNumber("epsilon", pure.Epsilon);
                break;
            case ConcentratedEvent concentrated:
                json.WriteString("kind", "concentrated");
                json.WriteNumber("rho", concentrated.Rho);
                break;
            default:
                throw new NotSupportedException($"A {e.GetType().Name} has no form in a ledger.");
        }

        json.WriteNumber("steps", e.Steps);
    }

    /// <summary>Reads a whole object.</summary>
    /// <exception cref="FormatException">A member is not what it should be.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    private static PrivacyEvent Read(JsonElement json)
    {
        string? kind = null;
        Dictionary<string, double> numbers = [];
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (member.Name == "kind")
            {
                kind = member.Value.GetString();
            }
            else
            {
                numbers[member.Name] = member.Value.GetDouble();
            }
        }

        return Read(kind, numbers);
    }

    /// <summary>Makes the event of a kind from its numbers, by member.</summary>
    /// <exception cref="FormatException">There is no such kind, or steps are no whole number.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    private static PrivacyEvent Read(string? kind, Dictionary<string, double> numbers)
    {
        int steps = Whole(numbers, "steps");
        return kind switch
        {
            null => new GaussianEvent(numbers["sampleRate"], numbers["noiseMultiplier"], steps),
            "laplace" => new LaplaceEvent(numbers["scale"], steps),
            "discrete-gaussian" => new DiscreteGaussianEvent(numbers["sigma"], steps),
            "randomized-response" =>
                new RandomizedResponseEvent(numbers["epsilon"], Whole(numbers, "categories"), steps),
            "pure" => new PureEvent(numbers["epsilon"], steps),
            "concentrated" => new ConcentratedEvent(numbers["rho"], steps),
            _ => throw new FormatException($"event.kind: expected {Kinds}, or none for a Gaussian event; got {kind}"),
        };
    }

    private static int Whole(Dictionary<string, double> numbers, string member)
    {
        double value = numbers[member];
        return value is >= int.MinValue and <= int.MaxValue && value == Math.Floor(value)
            ? (int)value
            : throw new FormatException(
                FormattableString.Invariant($"event.{member}: expected a whole number, got {value}"));
    }
}
