using System.Text.Json;
using Research.Training.Aggregation;

namespace Research.Training.Specification;

/// <summary>The aggregation rule of a task in JSON.</summary>
internal static class AggregationJson
{
    private const string Name = "aggregation";

    public static AggregationRule Read(SpecObject task)
    {
        if (task.Optional(Name) is not { } element)
        {
            return new BoundedMean();
        }

        SpecObject rule = new(element, task.At(Name));
        string type = rule.Text("type");
        AggregationRule result = type switch
        {
            "mean" => new Mean(),
            "boundedMean" => new BoundedMean(),
            "median" => new Median(rule.Int("buckets")),
            "trimmedMean" => new TrimmedMean(rule.Int("trim"), rule.Int("buckets")),
            _ => throw rule.UnknownText("type", type, "mean, boundedMean, median or trimmedMean"),
        };
        rule.End();
        return result;
    }

    /// <summary>Writes a rule; the default is left out, so that one rule has one hash.</summary>
    public static void Write(Utf8JsonWriter json, AggregationRule rule)
    {
        if (rule is BoundedMean)
        {
            return;
        }

        json.WriteStartObject(Name);
        json.WriteString("type", rule.Type);
        switch (rule)
        {
            case Mean:
                break;
            case Median median:
                json.WriteNumber("buckets", median.Buckets);
                break;
            case TrimmedMean trimmed:
                json.WriteNumber("buckets", trimmed.Buckets);
                json.WriteNumber("trim", trimmed.Trim);
                break;
            default:
                throw new InvalidOperationException($"No JSON form of aggregation rule {rule.Type}.");
        }

        json.WriteEndObject();
    }
}
