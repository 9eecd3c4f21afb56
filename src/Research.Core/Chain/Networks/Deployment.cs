using Research.Chain.Primitives;

namespace Research.Chain.Networks;

/// <summary>Where and when a market was put on a chain.</summary>
/// <param name="ChainId">The chain, by its number.</param>
/// <param name="Market">The market's address.</param>
/// <param name="Block">The block of its deployment: none of its events is before.</param>
/// <param name="BlockHash">That block's hash: a chain that was started anew has another.</param>
/// <param name="CodeHash">The Keccak-256 of the market's code.</param>
/// <param name="IsOwn">Whether this user deployed it; else it was found.</param>
public sealed record Deployment(
    ulong ChainId, Address Market, ulong Block, Bytes32 BlockHash, Bytes32 CodeHash, bool IsOwn);
