using System.Text;
using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.FunctionEncoding.AttributeEncoding;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Abi;

/// <summary>Nethereum's codec, held to what it decoded: only the bytes to which the values encode again are taken.</summary>
/// <remarks>
/// Nethereum takes a bool of 2, dirty padding, short words and trailing bytes; no encoder writes any of them. Before it
/// may look at an array, a text or bytes, their sizes are held to the bytes there are (<see cref="AbiExtent"/>): it
/// would follow a length word of 2^31 until memory ends.
/// </remarks>
internal static class StrictAbi
{
    private static readonly ErrorABI[] BuiltIn =
    [
        new("Error") { InputParameters = [new Parameter("string", "", 1)] },
        new("Panic") { InputParameters = [new Parameter("uint256", "", 1)] },
    ];

    /// <summary>Encodes values as a tuple.</summary>
    public static byte[] Encode(IReadOnlyList<Parameter> parameters, params object[] values) =>
        new ParametersEncoder().EncodeParameters([.. parameters], values);

    /// <summary>Decodes a tuple.</summary>
    /// <exception cref="AbiException">The bytes are no such tuple, or not as an encoder writes it.</exception>
    public static object[] Decode(IReadOnlyList<Parameter> parameters, ReadOnlySpan<byte> encoded)
    {
        byte[] bytes = encoded.ToArray();
        return Attempt(Signature("", parameters), () =>
        {
            AbiExtent.Require(parameters, bytes);
            object[] values = parameters.Count == 0
                ? []
                : (object[])Plain(new ParameterDecoder().DecodeDefaultData(bytes, [.. parameters]));
            Require(bytes, parameters.Count == 0 ? [] : Encode(parameters, values));
            return values;
        });
    }

    /// <summary>Decodes what a call of a generated message returned.</summary>
    /// <exception cref="AbiException">The bytes are no such results.</exception>
    public static TOutput DecodeOutput<TOutput>(byte[] encoded)
        where TOutput : class, IFunctionOutputDTO, new() => Attempt(typeof(TOutput).Name, () =>
        {
            ParameterDecoder decoder = new();
            AbiExtent.Require(
                [.. decoder.GetParameterOutputsFromAttributes(typeof(TOutput)).Select(output => output.Parameter)], encoded);
            TOutput output = (TOutput)decoder.DecodeAttributes(encoded, typeof(TOutput));
            Require(encoded, new ParametersEncoder().EncodeParametersFromTypeAttributes(typeof(TOutput), output));
            return output;
        });

    /// <summary>Decodes a log of a generated event.</summary>
    /// <exception cref="AbiException">The log is not of this event.</exception>
    public static TEvent DecodeEvent<TEvent>(EventLog log)
        where TEvent : class, IEventDTO, new()
    {
        EventABI description = ABITypedRegistry.GetEvent<TEvent>();
        if (log.Topics.Count != 1 + description.NumberOfIndexes || log.Topics[0] != TopicOf<TEvent>())
        {
            throw new AbiException(
                $"Expected a log of {description.Name} with {1 + description.NumberOfIndexes} topics, "
                + $"got {AbiText.Format(log.Topics)}.");
        }

        return Attempt(description.Name, () =>
        {
            byte[] data = log.Data.ToArray();
            AbiExtent.Require([.. description.InputParameters.Where(parameter => !parameter.Indexed)], data);
            TEvent decoded = new EventTopicDecoder().DecodeTopics(
                new TEvent(), [.. log.Topics.Select(topic => topic.ToString())], Hex.Encode(data));
            ParametersEncoder encoder = new();
            ILookup<bool, ParameterAttributeValue> values = encoder
                .GetParameterAttributeValues(typeof(TEvent), decoded)
                .ToLookup(value => value.ParameterAttribute.Parameter.Indexed);
            Require(data, Encoded(encoder, [.. values[false]]));
            Require([.. log.Topics.Skip(1).SelectMany(topic => topic.ToArray())], Encoded(encoder, [.. values[true]]));
            return decoded;
        });
    }

    /// <summary>Gets the first topic of each log of a generated event.</summary>
    public static Bytes32 TopicOf<TEvent>() => Bytes32.Parse(ABITypedRegistry.GetEvent<TEvent>().Sha3Signature);

    /// <summary>Decodes the data of a revert, or gives null where no known error fits.</summary>
    /// <param name="abi">The contract's ABI; null where only <c>Error</c> and <c>Panic</c> are known.</param>
    /// <param name="data">What the contract reverted with.</param>
    public static DecodedError? DecodeError(ContractABI? abi, ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
        {
            return null;
        }

        string selector = Convert.ToHexStringLower(data[..4]);
        ErrorABI? error = (abi?.Errors ?? []).Concat(BuiltIn).FirstOrDefault(known => Selector(known) == selector);
        if (error is null)
        {
            return null;
        }

        try
        {
            Parameter[] parameters = error.InputParameters ?? [];
            object[] values = Decode(parameters, data[4..]);
            return new DecodedError(
                error.Name, [.. values.Select((value, i) => new AbiArgument(parameters[i].Name, Ours(parameters[i], value)))]);
        }
        catch (AbiException)
        {
            return null; // Another error with the same four bytes, or bytes that only look like it: show them raw.
        }
    }

    private static string Selector(ErrorABI error) => Convert.ToHexStringLower(
        Keccak256.Hash(Encoding.UTF8.GetBytes(Signature(error.Name, error.InputParameters ?? []))).ToArray().AsSpan(0, 4));

    private static string Signature(string name, IEnumerable<Parameter> parameters) =>
        $"{name}({string.Join(',', parameters.Select(TypeName))})";

    private static string TypeName(Parameter parameter) => parameter.ABIType is TupleType tuple
        ? Signature("", tuple.Components)
        : parameter.ABIType.CanonicalName;

    // Nethereum leaves texts and bytes where this library has values.
    private static object Ours(Parameter parameter, object value) => (parameter.ABIType, value) switch
    {
        (AddressType, string text) => Address.Parse(text),
        (_, byte[] { Length: Bytes32.Length } word) => new Bytes32(word),
        (_, byte[] { Length: Bytes24.Length } word) => new Bytes24(word),
        _ => value,
    };

    // A tuple comes as its outputs, which Nethereum's encoder does not take back, and an array as a list.
    private static object Plain(object value) => value switch
    {
        List<ParameterOutput> tuple => tuple.Select(output => Plain(output.Result)).ToArray(),
        byte[] or string => value,
        System.Collections.IEnumerable list => list.Cast<object>().Select(Plain).ToArray(),
        _ => value,
    };

    private static byte[] Encoded(ParametersEncoder encoder, List<ParameterAttributeValue> values) => values.Count == 0
        ? []
        : encoder.EncodeParameters(encoder.GetParametersInOrder(values), encoder.GetValuesInOrder(values));

    private static void Require(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> again)
    {
        if (!encoded.SequenceEqual(again))
        {
            throw new AbiException(
                $"the values encode to other bytes, from byte {encoded.CommonPrefixLength(again)} on");
        }
    }

    // Nethereum's decoder throws whatever its arithmetic throws; of a stranger's bytes that is one kind of failure.
    private static T Attempt<T>(string what, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new AbiException($"{what}: expected an ABI encoding, but {exception.Message}.", exception);
        }
    }
}
