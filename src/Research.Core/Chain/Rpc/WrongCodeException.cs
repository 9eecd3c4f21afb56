using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>The contract at an address is another than the one that this library knows; nothing was sent.</summary>
public sealed class WrongCodeException : ChainException
{
    internal WrongCodeException(string contract, Address address, ulong chainId, Bytes32 expected, Bytes32 actual)
        : base(
            $"The contract at {address} on chain {chainId} is no {contract} of this version: its code's Keccak-256 is "
            + $"{actual}, expected {expected}. Check the address, and that the node is on the right chain.")
        => Address = address;

    /// <summary>Gets the address.</summary>
    public Address Address { get; }
}
