namespace Research.Chain.Rpc;

/// <summary>A node is of another chain than the one that is meant; nothing was sent.</summary>
public sealed class WrongChainException : ChainException
{
    internal WrongChainException(string node, ulong expected, ulong actual)
        : base(
            $"The Ethereum node at {node} says that it is of chain {actual}, expected chain {expected}. Nothing was sent: check "
            + "the network's name and the node's address.")
        => (Expected, Actual) = (expected, actual);

    /// <summary>Gets the number of the chain that is meant.</summary>
    public ulong Expected { get; }

    /// <summary>Gets what the node says.</summary>
    public ulong Actual { get; }
}
