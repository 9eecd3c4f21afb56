using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>A contract refused a call or a transaction; its state is as before.</summary>
public sealed class RevertException : ChainException
{
    internal RevertException(DecodedError? error, byte[] revertData, Bytes32? transactionHash, string? hint = null)
        : base(Describe(error, revertData, transactionHash, hint))
    {
        Error = error;
        RevertData = revertData;
        TransactionHash = transactionHash;
    }

    /// <summary>Gets the decoded error, or null where the contract gave none that its ABI knows.</summary>
    public DecodedError? Error { get; }

    /// <summary>
    /// Gets the error's name, such as <c>WrongPhase</c>, <c>Error</c> or <c>Panic</c>; null if unknown.
    /// </summary>
    public string? ErrorName => Error?.Name;

    /// <summary>Gets the bytes that the contract reverted with.</summary>
    public ReadOnlyMemory<byte> RevertData { get; }

    /// <summary>
    /// Gets the transaction that was mined and failed; null where the revert was found before sending.
    /// </summary>
    public Bytes32? TransactionHash { get; }

    private static string Describe(DecodedError? error, byte[] data, Bytes32? transaction, string? hint)
    {
        string reason = error?.ToString()
            ?? hint
            ?? (data.Length == 0 ? "no reason given" : $"an unknown error, {AbiText.Format(data)}");
        return transaction is Bytes32 hash ? $"Transaction {hash} reverted: {reason}" : $"Reverted: {reason}";
    }
}
