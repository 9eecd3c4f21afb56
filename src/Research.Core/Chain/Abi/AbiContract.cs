using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Abi;

/// <summary>What a contract's ABI JSON describes.</summary>
public sealed class AbiContract
{
    private const int MaximumJsonLength = 4 << 20;

    private static readonly AbiError[] BuiltIn =
    [
        new("Error", [new AbiParameter("", AbiType.Parse("string"))]),
        new("Panic", [new AbiParameter("", AbiType.Parse("uint256"))]),
    ];

    private readonly Dictionary<uint, AbiError> _errors = [];

    private AbiContract(List<AbiFunction> functions, List<AbiEvent> events, List<AbiError> errors, AbiType constructor)
    {
        (Functions, Events, Errors, Constructor) = (functions, events, errors, constructor);
        foreach (AbiError error in errors.Concat(BuiltIn))
        {
            _errors[Key(Keccak256.Hash(AbiDecoder.StrictUtf8.GetBytes(error.Signature)).ToArray())] = error;
        }
    }

    /// <summary>Gets a contract of which nothing is known; it still decodes <c>Error</c> and <c>Panic</c>.</summary>
    public static AbiContract Unknown { get; } = new([], [], [], AbiType.Tuple([]));

    /// <summary>Gets the functions.</summary>
    public IReadOnlyList<AbiFunction> Functions { get; }

    /// <summary>Gets the events.</summary>
    public IReadOnlyList<AbiEvent> Events { get; }

    /// <summary>Gets the custom errors.</summary>
    public IReadOnlyList<AbiError> Errors { get; }

    /// <summary>Gets the constructor's argument types as a tuple.</summary>
    public AbiType Constructor { get; }

    /// <summary>Parses an ABI: a JSON array as the Solidity compiler writes it.</summary>
    /// <exception cref="AbiException">The text is no such array, or longer than 4 MiB.</exception>
    public static AbiContract Parse(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Length > MaximumJsonLength)
        {
            throw new AbiException($"Expected an ABI of at most {MaximumJsonLength} bytes, got {utf8Json.Length}.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                utf8Json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new AbiException($"Expected an ABI as a JSON array of descriptions: {exception.Message}", exception);
        }
    }

    /// <summary>Decodes the data of a revert, or gives null where no known error fits.</summary>
    public DecodedError? DecodeError(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4 || !_errors.TryGetValue(Key(data), out AbiError? error))
        {
            return null;
        }

        try
        {
            object[] values = AbiCodec.Decode(error.Inputs, data[4..]);
            return new DecodedError(
                error.Name, [.. values.Select((value, i) => new AbiArgument(error.Parameters[i].Name, value))]);
        }
        catch (AbiException)
        {
            return null; // Another error with the same four bytes, or bytes that only look like it: show them raw.
        }
    }

    private static uint Key(ReadOnlySpan<byte> data) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data);

    private static AbiContract Read(JsonElement root)
    {
        List<AbiFunction> functions = [];
        List<AbiEvent> events = [];
        List<AbiError> errors = [];
        AbiType constructor = AbiType.Tuple([]);
        foreach (JsonElement entry in root.EnumerateArray())
        {
            switch (entry.GetProperty("type").GetString())
            {
                case "function":
                    functions.Add(
                        new AbiFunction(Name(entry) + Tuple(entry, "inputs").Name, Tuple(entry, "outputs").Name));
                    break;
                case "event":
                    events.Add(new AbiEvent(Name(entry), Parameters(entry, "inputs", 0)));
                    break;
                case "error":
                    errors.Add(new AbiError(Name(entry), Parameters(entry, "inputs", 0)));
                    break;
                case "constructor":
                    constructor = Tuple(entry, "inputs");
                    break;
            }
        }

        return new AbiContract(functions, events, errors, constructor);
    }

    private static string Name(JsonElement entry) => entry.GetProperty("name").GetString() ?? "";

    private static AbiType Tuple(JsonElement entry, string property) =>
        AbiType.Tuple([.. Parameters(entry, property, 0).Select(parameter => parameter.Type)]);

    private static List<AbiParameter> Parameters(JsonElement entry, string property, int depth) =>
    [
        .. entry.GetProperty(property).EnumerateArray().Select(parameter => new AbiParameter(
            Name(parameter),
            TypeOf(parameter, depth),
            parameter.TryGetProperty("indexed", out JsonElement indexed) && indexed.GetBoolean())),
    ];

    // A struct is written as "tuple", "tuple[]", ... with its components beside.
    private static AbiType TypeOf(JsonElement parameter, int depth)
    {
        string text = parameter.GetProperty("type").GetString() ?? "";
        if (!text.StartsWith("tuple", StringComparison.Ordinal))
        {
            return AbiType.Parse(text);
        }

        if (depth >= AbiType.MaximumDepth)
        {
            throw new AbiException($"ABI types nest deeper than {AbiType.MaximumDepth}.");
        }

        AbiType tuple = AbiType.Tuple([.. Parameters(parameter, "components", depth + 1).Select(p => p.Type)]);
        int position = "tuple".Length;
        AbiType type = AbiType.WithSuffixes(tuple, text, ref position, depth);
        return position == text.Length
            ? type
            : throw new AbiException($"Expected an ABI type, got {Hex.Excerpt(text)}.");
    }
}
