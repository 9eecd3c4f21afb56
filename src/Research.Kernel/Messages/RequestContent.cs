using System.Text.Json;

namespace Research.Kernel.Messages;

/// <summary>Reads a message's content strictly: what is there must have the right type.</summary>
internal readonly struct RequestContent(JsonElement root)
{
    private const long LongestCode = 16 << 20;

    public JsonElement Root => root;

    /// <summary>Gets a string that must be there.</summary>
    public string Text(string name) => OptionalText(name) ??
        throw new MessageException($"{name}: expected a string, got nothing.");

    /// <summary>Gets code that must be there, of a size that can be compiled.</summary>
    public string Code()
    {
        string code = Text("code");
        return code.Length <= LongestCode
            ? code
            : throw new MessageException($"code: expected at most {LongestCode} characters, got {code.Length}.");
    }

    public string? OptionalText(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string", value);
        }
        catch (InvalidOperationException)
        {
            throw new MessageException($"{name}: expected a string of whole characters.");
        }
    }

    public bool Flag(string name, bool absent) => !TryGet(name, out JsonElement value)
        ? absent
        : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false", value),
        };

    public int? OptionalNumber(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Wrong(name, "a whole number", value);
    }

    /// <summary>Gets an object's members; none when it is absent.</summary>
    public IEnumerable<JsonProperty> Members(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
            : throw Wrong(name, "an object", value);
    }

    /// <summary>Gets any JSON, or null.</summary>
    public JsonElement? Json(string name) => TryGet(name, out JsonElement value) ? value : null;

    // A null is as good as nothing: some clients write their defaults so.
    private bool TryGet(string name, out JsonElement value) =>
        root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static MessageException Wrong(string name, string expected, JsonElement value) =>
        new($"{name}: expected {expected}, got {value.ValueKind}.");
}
