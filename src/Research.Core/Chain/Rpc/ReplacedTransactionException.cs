using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Another transaction with the same nonce was mined in a transaction's place, which has had no effect.</summary>
public sealed class ReplacedTransactionException : ChainException
{
    internal ReplacedTransactionException(Bytes32 transactionHash, Address sender, ulong nonce)
        : base(
            $"Transaction {transactionHash} has not happened: another one of {sender} with the nonce {nonce} was mined "
            + "instead, by a program elsewhere that has the same key. Look at what it did before sending again.")
        => TransactionHash = transactionHash;

    /// <summary>Gets the transaction that was replaced.</summary>
    public Bytes32 TransactionHash { get; }
}
