using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>A transaction with a base fee and a tip, type 2, without an access list.</summary>
/// <remarks>Source: EIP-1559, "Abstract"; EIP-2718 for the type byte.</remarks>
/// <param name="ChainId">The chain it is valid on (EIP-155), at least 1.</param>
/// <param name="Nonce">How many transactions the sender sent before.</param>
/// <param name="MaxPriorityFeePerGas">The tip, at most.</param>
/// <param name="MaxFeePerGas">Base fee and tip together, at most.</param>
/// <param name="GasLimit">Gas bought.</param>
/// <param name="To">The receiver, or null to deploy <paramref name="Data"/> as a contract.</param>
/// <param name="Value">Wei sent along.</param>
/// <param name="Data">Call data or creation code.</param>
public sealed record Eip1559Transaction(
    ulong ChainId,
    ulong Nonce,
    Wei MaxPriorityFeePerGas,
    Wei MaxFeePerGas,
    ulong GasLimit,
    Address? To,
    Wei Value,
    ReadOnlyMemory<byte> Data)
{
    private const byte TypeByte = 2;

    /// <summary>Gets the hash that the sender signs.</summary>
    public Bytes32 SigningHash() => Keccak256.Hash([TypeByte, .. Rlp.EncodeList(Fields())]);

    /// <summary>Encodes the signed transaction; its Keccak-256 hash is the transaction's hash.</summary>
    public byte[] Encode(Signature signature) =>
    [
        TypeByte,
        .. Rlp.EncodeList(
        [
            .. Fields(),
            Rlp.Encode(signature.YParity),
            Rlp.Encode(Integer(signature.R)),
            Rlp.Encode(Integer(signature.S)),
        ]),
    ];

    private byte[][] Fields() =>
    [
        Rlp.Encode(ChainId),
        Rlp.Encode(Nonce),
        Rlp.Encode(MaxPriorityFeePerGas.Amount),
        Rlp.Encode(MaxFeePerGas.Amount),
        Rlp.Encode(GasLimit),
        Rlp.Encode(To is Address to ? to.ToArray() : []),
        Rlp.Encode(Value.Amount),
        Rlp.Encode(Data.Span),
        Rlp.EncodeList(),
    ];

    private static System.Numerics.BigInteger Integer(Bytes32 bytes) =>
        new(bytes.ToArray(), isUnsigned: true, isBigEndian: true);
}
