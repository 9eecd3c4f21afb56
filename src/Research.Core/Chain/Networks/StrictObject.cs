using System.Globalization;
using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Networks;

/// <summary>A JSON object of a file on this machine, read strictly: each field once, none unknown.</summary>
internal sealed class StrictObject
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    /// <param name="json">The element.</param>
    /// <param name="path">Its JSON path, for errors.</param>
    /// <param name="known">The fields that there may be; null where any name will do.</param>
    /// <exception cref="InvalidDataException">It is no object, or a field is there twice, or unknown.</exception>
    public StrictObject(JsonElement json, string path, IReadOnlyList<string>? known)
    {
        Path = path;
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{path}: expected an object, got {Kind(json)}.");
        }

        foreach (JsonProperty field in json.EnumerateObject())
        {
            if (known is not null && !known.Contains(field.Name))
            {
                throw new InvalidDataException(
                    $"{path}: expected the fields {string.Join(", ", known)}, got {Hex.Excerpt(field.Name)}.");
            }

            if (!_fields.TryAdd(field.Name, field.Value))
            {
                throw new InvalidDataException(
                    $"{path}.{Hex.Excerpt(field.Name)}: expected the field once, got it twice.");
            }
        }
    }

    /// <summary>Gets its JSON path.</summary>
    public string Path { get; }

    /// <summary>Gets the names of its fields, in the file's order.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>Says whether a field is there.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Gets a field that must be there.</summary>
    public JsonElement Field(string name) => _fields.TryGetValue(name, out JsonElement field)
        ? field
        : throw new InvalidDataException($"{Path}.{name}: expected a value, got nothing.");

    /// <summary>Gets a text of a bounded length.</summary>
    public string Text(string name, int mostCharacters = 200)
    {
        JsonElement field = Field(name);
        string? text = field.ValueKind == JsonValueKind.String ? field.GetString() : null;
        return text is { Length: > 0 } && text.Length <= mostCharacters
            ? text
            : throw new InvalidDataException(
                $"{Path}.{name}: expected a text of 1 to {mostCharacters} characters, got "
                + (text is null ? Kind(field) : $"one of {text.Length}") + ".");
    }

    /// <summary>Gets a whole number of a range.</summary>
    public ulong Whole(string name, ulong least, ulong most)
    {
        JsonElement field = Field(name);
        return field.ValueKind == JsonValueKind.Number && field.TryGetUInt64(out ulong number)
            && number >= least && number <= most
            ? number
            : throw Unexpected(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    /// <summary>Gets a number of a range.</summary>
    public double Number(string name, double least, double most)
    {
        JsonElement field = Field(name);
        return field.ValueKind == JsonValueKind.Number && field.TryGetDouble(out double number)
            && number >= least && number <= most
            ? number
            : throw Unexpected(name, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
    }

    /// <summary>Gets true or false.</summary>
    public bool Flag(string name) => Field(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unexpected(name, "true or false"),
    };

    /// <summary>Gets the items of an array of a bounded length, each with its path.</summary>
    public IEnumerable<(JsonElement Item, string Path)> Items(string name, int most)
    {
        JsonElement field = Field(name);
        return field.ValueKind == JsonValueKind.Array && field.GetArrayLength() <= most
            ? field.EnumerateArray().Select((item, i) => (item, $"{Path}.{name}[{i}]"))
            : throw Unexpected(name, $"an array of at most {most} items");
    }

    /// <summary>Gets a hash.</summary>
    public Bytes32 Hash(string name)
    {
        string text = Text(name);
        try
        {
            return Bytes32.Parse(text);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{Path}.{name}: {e.Message}", e);
        }
    }

    /// <summary>Gets an account.</summary>
    public Address Account(string name)
    {
        string text = Text(name);
        try
        {
            return Address.Parse(text);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{Path}.{name}: {e.Message}", e);
        }
    }

    /// <summary>Reads a whole document.</summary>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"$: expected a JSON document, got something else at line {e.LineNumber + 1}, byte "
                    + $"{e.BytePositionInLine + 1}."),
                e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("$: expected texts in UTF-8, got other bytes.", e); // A lone surrogate.
        }
    }

    private InvalidDataException Unexpected(string name, string expected) =>
        new($"{Path}.{name}: expected {expected}, got {Kind(Field(name))}.");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => Hex.Excerpt(element.GetString()),
        _ => element.GetRawText() is { Length: <= 40 } text ? text : "a longer number",
    };
}
