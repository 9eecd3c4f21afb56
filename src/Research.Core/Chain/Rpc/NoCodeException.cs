using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>An address that was called as a contract has no code on this chain; nothing was sent.</summary>
public sealed class NoCodeException : ChainException
{
    internal NoCodeException(Address address, ulong chainId)
        : base(
            $"There is no contract at {address} on chain {chainId}. "
            + "Check the address, and that the node is on the right chain.")
        => Address = address;

    /// <summary>Gets the address.</summary>
    public Address Address { get; }
}
