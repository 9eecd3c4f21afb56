using System.Collections.Frozen;
using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>One object of plotly's JSON, whose every attribute is read, or changes nothing but looks, or is
/// refused.</summary>
/// <remarks>What is null, false or empty says nothing, and is as good as absent.</remarks>
internal readonly struct PlotlyAttributes
{
    private readonly JsonElement _element;

    /// <summary>Takes an object; absent and null ones are empty.</summary>
    /// <param name="element">The object.</param>
    /// <param name="place">What it is, for messages: <c>layout.xaxis</c>.</param>
    /// <exception cref="FormatException">It is something else than an object.</exception>
    public PlotlyAttributes(JsonElement element, string place)
    {
        Place = place;
        _element = element;
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            throw new FormatException($"Expected {place} to be an object; got {element.ValueKind}.");
        }
    }

    public string Place { get; }

    /// <summary>Gets an attribute; undefined where it says nothing.</summary>
    public JsonElement this[string name] =>
        _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out JsonElement value)
            && !IsSilent(value) ? value : default;

    public bool Has(string name) => this[name].ValueKind != JsonValueKind.Undefined;

    /// <summary>Gets whether the attribute is written and false, which for most is as good as absent.</summary>
    public bool IsFalse(string name) =>
        _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.False;

    /// <summary>Gets whether the attribute is written, even if empty.</summary>
    public bool Mentions(string name) =>
        _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out _);

    public PlotlyAttributes Object(string name) => new(this[name], $"{Place}.{name}");

    /// <summary>Gets a text; null where it is absent.</summary>
    /// <exception cref="FormatException">It is something else than a string.</exception>
    public string? Text(string name) => this[name] is { ValueKind: not JsonValueKind.Undefined } value
        ? value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new FormatException($"Expected {Place}.{name} to be a string; got {value.ValueKind}.")
        : null;

    /// <summary>Gets a number; null where it is absent.</summary>
    /// <exception cref="NotSupportedException">It is something else than a number.</exception>
    public double? Number(string name) => this[name] is { ValueKind: not JsonValueKind.Undefined } value
        ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Refused(name)
        : null;

    /// <summary>Gets the items of an array; none where it is absent.</summary>
    /// <exception cref="FormatException">It is something else than an array.</exception>
    public IReadOnlyList<JsonElement> Items(string name) => this[name] is { ValueKind: not JsonValueKind.Undefined } value
        ? value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : throw new FormatException($"Expected {Place}.{name} to be an array; got {value.ValueKind}.")
        : [];

    /// <summary>Refuses the first attribute that is neither read nor mere looks.</summary>
    /// <exception cref="NotSupportedException">There is one.</exception>
    public void Only(FrozenSet<string> known)
    {
        if (_element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in _element.EnumerateObject())
            {
                if (!known.Contains(property.Name) && !IsSilent(property.Value))
                {
                    throw Refused(property.Name);
                }
            }
        }
    }

    /// <summary>Refuses an attribute unless it is absent or one of these texts.</summary>
    public void Allow(string name, params ReadOnlySpan<string> texts)
    {
        JsonElement value = this[name];
        if (value.ValueKind != JsonValueKind.Undefined
            && !(value.ValueKind == JsonValueKind.String && texts.Contains(value.GetString()!)))
        {
            throw Refused(name);
        }
    }

    /// <summary>Says that a figure cannot draw what an attribute asks for.</summary>
    public NotSupportedException Refused(string name) => new(
        this[name] is { ValueKind: JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True } value
            ? $"A figure cannot draw {Place}.{Clip(name)} = {Clip(value.ToString())}."
            : $"A figure cannot draw {Place}.{Clip(name)}.");

    /// <summary>Makes foreign text fit for a message.</summary>
    public static string Clip(string text) => PlainText.Shorten(PlainText.Clean(text), 60);

    private static bool IsSilent(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(property => IsSilent(property.Value)),
        _ => false,
    };
}
