using Research.Chain.Primitives;

namespace Research.Chain.Abi;

/// <summary>An event of a contract: its topic, and how its parameters are spread over topics and data.</summary>
public sealed class AbiEvent
{
    private readonly AbiType _data;

    internal AbiEvent(string name, IReadOnlyList<AbiParameter> parameters)
    {
        Name = name;
        Parameters = parameters;
        Signature = name + AbiType.Tuple([.. parameters.Select(p => p.Type)]).Name;
        Topic = Keccak256.Hash(AbiDecoder.StrictUtf8.GetBytes(Signature));
        _data = AbiType.Tuple([.. parameters.Where(p => !p.IsIndexed).Select(p => p.Type)]);
    }

    /// <summary>Describes an event.</summary>
    /// <param name="signature">Name and all types, such as <c>Transfer(address,address,uint256)</c>.</param>
    /// <param name="indexedCount">How many of the first parameters are indexed.</param>
    /// <exception cref="AbiException">A type does not parse.</exception>
    public AbiEvent(string signature, int indexedCount)
        : this(AbiSignature.Parse(signature), indexedCount)
    {
    }

    private AbiEvent((string Name, AbiType Inputs) parsed, int indexedCount)
        : this(
            parsed.Name,
            [.. parsed.Inputs.Components.Select((type, i) => new AbiParameter("", type, i < indexedCount))])
    {
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the parameters in order.</summary>
    public IReadOnlyList<AbiParameter> Parameters { get; }

    /// <summary>Gets the canonical signature.</summary>
    public string Signature { get; }

    /// <summary>Gets the first topic of every log of this event.</summary>
    public Bytes32 Topic { get; }

    /// <summary>Encodes an indexed value of a static type as a topic to filter by.</summary>
    public static Bytes32 EncodeTopic(AbiType type, object value) =>
        new(AbiCodec.Encode(AbiType.Tuple([type]), [value]));

    /// <summary>Decodes a log.</summary>
    /// <param name="topics">The log's topics, this event's own first.</param>
    /// <param name="data">The log's data.</param>
    /// <returns>A value for each parameter; an indexed one of dynamic type is only its Keccak-256 hash.</returns>
    /// <exception cref="AbiException">The log is not of this event.</exception>
    public object[] Decode(IReadOnlyList<Bytes32> topics, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(topics);
        int expected = 1 + Parameters.Count(parameter => parameter.IsIndexed);
        if (topics.Count != expected || topics[0] != Topic)
        {
            throw new AbiException(
                $"Expected a log of {Signature} with {expected} topics, got {AbiText.Format(topics)}.");
        }

        object[] fromData = AbiCodec.Decode(_data, data);
        object[] values = new object[Parameters.Count];
        int nextTopic = 1;
        int nextDatum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Parameters[i].IsIndexed
                ? DecodeTopic(Parameters[i].Type, topics[nextTopic++])
                : fromData[nextDatum++];
        }

        return values;
    }

    /// <summary>Gets the canonical signature.</summary>
    public override string ToString() => Signature;

    private static object DecodeTopic(AbiType type, Bytes32 topic) =>
        type.IsDynamic || type.Kind is AbiKind.FixedArray or AbiKind.Tuple
            ? topic
            : AbiCodec.Decode(AbiType.Tuple([type]), topic.ToArray())[0];
}
