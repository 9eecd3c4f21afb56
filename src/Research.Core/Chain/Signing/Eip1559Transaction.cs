using Nethereum.Model;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>A transaction with a base fee and a tip, type 2, without an access list.</summary>
/// <remarks>Source: EIP-1559, "Abstract"; EIP-2718 for the type byte. Nethereum encodes it.</remarks>
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
    /// <summary>Gets the hash that the sender signs.</summary>
    public Bytes32 SigningHash() => new(Raw().RawHash);

    /// <summary>Encodes the signed transaction; its Keccak-256 hash is the transaction's hash.</summary>
    public byte[] Encode(Signature signature)
    {
        Transaction1559 transaction = Raw();
        transaction.SetSignature(new Nethereum.Model.Signature(
            Integer(signature.R), Integer(signature.S), signature.YParity == 0 ? [] : [signature.YParity]));
        return transaction.GetRLPEncoded();
    }

    /// <summary>Gets the same transaction as Nethereum's accounts and nodes take it.</summary>
    internal TransactionInput ToInput(Address from) => new()
    {
        Type = new(2),
        ChainId = new(ChainId),
        From = from.ToString(),
        To = To?.ToString(),
        Nonce = new(Nonce),
        Gas = new(GasLimit),
        MaxPriorityFeePerGas = new(MaxPriorityFeePerGas.Amount),
        MaxFeePerGas = new(MaxFeePerGas.Amount),
        Value = new(Value.Amount),
        Data = Hex.Encode(Data.Span),
    };

    /// <summary>Takes over what a signer outside this process made, if it is this transaction of that sender.</summary>
    /// <exception cref="SignerException">It is not; the message names what differs.</exception>
    internal ReadOnlyMemory<byte> Require(Address sender, byte[] signed)
    {
        try
        {
            if (TransactionFactory.CreateTransaction(signed) is Transaction1559 transaction
                && transaction.GetRLPEncodedRaw().AsSpan().SequenceEqual(Raw().GetRLPEncodedRaw())
                && Address.Parse(TransactionVerificationAndRecovery.GetSenderAddress(transaction)) == sender)
            {
                return signed;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new SignerException(
                $"The signer of {sender} answered with no transaction: {exception.Message}", exception);
        }

        throw new SignerException(
            $"The signer of {sender} signed another transaction than it was given, or with another key. Nothing was sent.");
    }

    private Transaction1559 Raw() => new(
        ChainId,
        Nonce,
        MaxPriorityFeePerGas.Amount,
        MaxFeePerGas.Amount,
        GasLimit,
        To?.ToString(),
        Value.Amount,
        Hex.Encode(Data.Span),
        []);

    // RLP writes integers without leading zeros.
    private static byte[] Integer(Bytes32 bytes) => bytes.ToArray().AsSpan().TrimStart((byte)0).ToArray();
}
