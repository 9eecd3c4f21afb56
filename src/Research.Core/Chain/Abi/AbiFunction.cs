using Research.Chain.Primitives;

namespace Research.Chain.Abi;

/// <summary>A function of a contract: its selector, and how its arguments and results are encoded.</summary>
public sealed class AbiFunction
{
    private readonly byte[] _selector;

    /// <summary>Describes a function.</summary>
    /// <param name="signature">Name and argument types, such as <c>transfer(address,uint256)</c>.</param>
    /// <param name="outputs">The tuple of the result types, such as <c>(bool)</c>.</param>
    /// <exception cref="AbiException">A type does not parse.</exception>
    public AbiFunction(string signature, string outputs = "()")
    {
        (Name, Inputs) = AbiSignature.Parse(signature);
        Outputs = AbiType.Parse(outputs);
        _selector = Keccak256.Hash(AbiDecoder.StrictUtf8.GetBytes(Signature)).ToArray()[..4];
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the argument types as a tuple.</summary>
    public AbiType Inputs { get; }

    /// <summary>Gets the result types as a tuple.</summary>
    public AbiType Outputs { get; }

    /// <summary>Gets the canonical signature.</summary>
    public string Signature => Name + Inputs.Name;

    /// <summary>Gets the first four bytes of the signature's Keccak-256 hash.</summary>
    public ReadOnlyMemory<byte> Selector => _selector;

    /// <summary>Encodes a call.</summary>
    /// <exception cref="AbiException">A value does not fit its type.</exception>
    public byte[] Encode(params IReadOnlyList<object> arguments) =>
        [.. _selector, .. AbiCodec.Encode(Inputs, arguments)];

    /// <summary>Decodes what a call returned.</summary>
    /// <exception cref="AbiException">The bytes are no such results.</exception>
    public object[] DecodeOutput(ReadOnlySpan<byte> encoded) => AbiCodec.Decode(Outputs, encoded);

    /// <summary>Gets the canonical signature.</summary>
    public override string ToString() => Signature;
}
