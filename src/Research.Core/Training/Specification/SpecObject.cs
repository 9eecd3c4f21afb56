using System.Text.Json;

namespace Research.Training.Specification;

/// <summary>Walks one JSON object, knows where it is, and refuses whatever nobody asked for.</summary>
internal sealed class SpecObject
{
    private const double LargestWhole = 9007199254740991; // 2^53 − 1: beyond it doubles skip whole numbers

    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public SpecObject(JsonElement element, string path)
    {
        Path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new SpecException(path, "an object", Describe(element));
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = Name(property, path);
            if (!_fields.TryAdd(name, property.Value))
            {
                throw new SpecException($"{path}.{name}", "this field once", "it twice");
            }
        }
    }

    public string Path { get; }

    public string At(string name) => $"{Path}.{name}";

    public JsonElement? Optional(string name)
    {
        _known.Add(name);
        return _fields.Remove(name, out JsonElement element) ? element : null;
    }

    public JsonElement Required(string name, string expected) =>
        Optional(name) ?? throw new SpecException(At(name), expected, "nothing");

    public SpecObject Object(string name) => new(Required(name, "an object"), At(name));

    public JsonElement[] Array(string name, int most)
    {
        JsonElement element = Required(name, "an array");
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new SpecException(At(name), "an array", Describe(element));
        }

        if (element.GetArrayLength() > most)
        {
            throw new SpecException(At(name), $"at most {most} entries", $"{element.GetArrayLength()}");
        }

        return [.. element.EnumerateArray()];
    }

    public string Text(string name) => Text(Required(name, "a text"), At(name));

    public double Number(string name) => Number(Required(name, "a number"), At(name));

    public long Whole(string name) => Whole(Required(name, "a whole number"), At(name));

    public int Int(string name) => Int(Required(name, "a whole number"), At(name));

    public string Text(string name, string absent) =>
        Optional(name) is { } element ? Text(element, At(name)) : absent;

    public double Number(string name, double absent) =>
        Optional(name) is { } element ? Number(element, At(name)) : absent;

    public int Int(string name, int absent) => Optional(name) is { } element ? Int(element, At(name)) : absent;

    public bool Flag(string name) => Flag(Required(name, "true or false"), At(name));

    public bool Flag(string name, bool absent) =>
        Optional(name) is { } element ? Flag(element, At(name)) : absent;

    /// <summary>Gets the names that nobody has asked for yet.</summary>
    public string[] Rest() => [.. _fields.Keys];

    /// <summary>Throws if a field is left that nobody asked for.</summary>
    public void End()
    {
        foreach (string name in _fields.Keys)
        {
            throw new SpecException(At(name), $"only {string.Join(", ", _known)} here", "an unknown field");
        }
    }

    /// <summary>Makes the error of a text that is none of those known.</summary>
    public SpecException UnknownText(string name, string value, string known) =>
        new(At(name), known, $"\"{value}\"");

    public static int Int(JsonElement element, string path)
    {
        long value = Whole(element, path);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new SpecException(path, $"a whole number of at most {int.MaxValue}", $"{value}");
    }

    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => element.GetRawText() is { Length: <= 40 } text ? text : "a text",
        JsonValueKind.Number => element.GetRawText() is { Length: <= 40 } text ? text : "a very long number",
        _ => element.GetRawText(),
    };

    private static bool Flag(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new SpecException(path, "true or false", Describe(element)),
    };

    public static string Text(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw new SpecException(path, "a text", Describe(element));
        }

        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new SpecException(path, "well-formed Unicode", "a lone surrogate", e);
        }
    }

    public static double Number(JsonElement element, string path) => Number(element, path, "a number");

    private static double Number(JsonElement element, string path, string expected)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            throw new SpecException(path, expected, Describe(element));
        }

        double value = element.GetDouble();
        return double.IsFinite(value) ? value : throw new SpecException(
            path, "a number that fits a double", Describe(element));
    }

    public static long Whole(JsonElement element, string path)
    {
        double value = Number(element, path, "a whole number");
        return Math.Truncate(value) == value && Math.Abs(value) <= LargestWhole
            ? (long)value
            : throw new SpecException(path, "a whole number of at most 2^53 - 1", Describe(element));
    }

    private static string Name(JsonProperty property, string path)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new SpecException(path, "field names in well-formed Unicode", "a lone surrogate", e);
        }
    }
}
