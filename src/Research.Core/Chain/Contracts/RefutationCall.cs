using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A refutation that is ready to be sent: it is announced first, and sent in a later block, the same to the byte.</summary>
public sealed class RefutationCall
{
    private static readonly Parameter[] IntentTypes = [new("address", 1), new("bytes32", 2)];

    internal RefutationCall(string function, byte[] data) => (Function, Data) = (function, data);

    /// <summary>Gets the refuter's function.</summary>
    public string Function { get; }

    /// <summary>Gets the call data.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Gets what announces it, and tells nobody what it is.</summary>
    /// <param name="sender">Who will send it.</param>
    public Bytes32 IntentOf(Address sender) => Keccak256.Hash(
        StrictAbi.Encode(IntentTypes, sender.ToString(), Keccak256.Hash(Data.Span).ToArray()));
}
