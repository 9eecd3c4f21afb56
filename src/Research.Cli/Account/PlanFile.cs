using System.Diagnostics;
using System.Text.Json;
using Research.Privacy;
using Research.Privacy.Accounting;

namespace Research.Cli.Account;

/// <summary>
/// Reads and answers a file of plans: <c>[{"q": 0.01, "sigma": 1.1, "steps": 1000, "delta": 1e-5}, …]</c>.
/// </summary>
internal static class PlanFile
{
    private const long LargestFile = 64 << 20;
    private const int DeepestNesting = 8;

    private static readonly string[] Fields = ["q", "sigma", "steps", "delta"];

    /// <summary>Reads the plans, strictly.</summary>
    /// <exception cref="CommandException">
    /// Something is missing, unknown, doubled, of another type or out of range.
    /// </exception>
    public static async Task<IReadOnlyList<Plan>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        InputFile.Check("--plans", path, LargestFile);
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            JsonDocumentOptions options = new() { MaxDepth = DeepestNesting };
            using JsonDocument document = JsonDocument.Parse(bytes, options);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array
                ? [.. root.EnumerateArray().Select((plan, i) => Read(plan, path, $"$[{i}]"))]
                : throw Wrong(path, "$", "an array of plans", Describe(root));
        }
        catch (JsonException e)
        {
            string where = $"an error at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw Wrong(path, "$", "a JSON document", where);
        }
    }

    /// <summary>
    /// Writes <c>[{"epsilon": …, "milliseconds": …}, …]</c>; ε is null where there is too little noise for a finite
    /// bound.
    /// </summary>
    public static string Answer(IReadOnlyList<Plan> plans, CancellationToken cancellationToken) =>
        JsonReport.Write(json => Answer(json, plans, cancellationToken));

    private static void Answer(Utf8JsonWriter json, IReadOnlyList<Plan> plans, CancellationToken cancellationToken)
    {
        json.WriteStartArray();
        foreach (Plan plan in plans)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long began = Stopwatch.GetTimestamp();
            double? epsilon = EpsilonText.Of([plan.Event], plan.Delta, cancellationToken);
            double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            json.WriteStartObject();
            json.WriteFinite("epsilon", epsilon);
            json.WriteNumber("milliseconds", milliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Plan Read(JsonElement plan, string file, string path)
    {
        if (plan.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(file, path, "an object", Describe(plan));
        }

        Dictionary<string, JsonElement> fields = [];
        foreach (JsonProperty field in plan.EnumerateObject())
        {
            if (!Fields.Contains(field.Name))
            {
                throw Wrong(file, $"{path}.{field.Name}", "one of q, sigma, steps and delta", "an unknown field");
            }

            if (!fields.TryAdd(field.Name, field.Value))
            {
                throw Wrong(file, $"{path}.{field.Name}", "the field once", "it twice");
            }
        }

        double Number(string name, string expected, Func<double, bool> accepts)
        {
            JsonElement value = fields.TryGetValue(name, out JsonElement found)
                ? found
                : throw Wrong(file, $"{path}.{name}", expected, "nothing");
            return value.ValueKind == JsonValueKind.Number && accepts(value.GetDouble())
                ? value.GetDouble()
                : throw Wrong(file, $"{path}.{name}", expected, Describe(value));
        }

        double q = Number("q", "a number from 0 to 1", x => x is >= 0 and <= 1);
        double sigma = Number("sigma", "a finite number above 0", x => x > 0 && double.IsFinite(x));
        double steps = Number(
            "steps",
            $"a whole number from 0 to {int.MaxValue}",
            x => x is >= 0 and <= int.MaxValue && Math.Truncate(x) == x);
        double delta = Number("delta", "a number above 0 and below 1", x => x is > 0 and < 1 && double.IsNormal(x));
        return new Plan(new GaussianEvent(q, sigma, (int)steps), delta);
    }

    private static string Describe(JsonElement value)
    {
        const int LongestText = 40;
        string text = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            _ => text.Length <= LongestText ? text : text[..LongestText] + "…",
        };
    }

    private static CommandException Wrong(string file, string path, string expected, string actual) =>
        new($"{file}, {path}: expected {expected}, got {actual}.");
}
