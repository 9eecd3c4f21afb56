using System.Numerics;
using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A claim, and all that say the same: they stand and fall together.</summary>
/// <param name="Market">The market's address.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Round">The round, from zero.</param>
/// <param name="Claimant">Who posted it; of several that say the same, any. The first one named in a case has its fees, unless
/// others answer in their own name.</param>
/// <param name="Result">What it says.</param>
public sealed record RefuterCase(Address Market, ulong TaskId, int Round, Address Claimant, ClaimResult Result)
{
    private static readonly Parameter[] Types =
        [new("address", 1), new("uint256", 2), new("uint256", 3), new("bytes24", 4)];

    /// <summary>Gets the case's number, computed here: of the market, the task, the round and the result's digest.</summary>
    public Bytes32 Id => IdOf(Market, TaskId, Round, Result.Digest);

    /// <summary>Gets a case's number, computed here.</summary>
    /// <param name="market">The market's address.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="digest">The result's digest.</param>
    public static Bytes32 IdOf(Address market, ulong taskId, int round, Bytes24 digest) =>
        Keccak256.Hash(StrictAbi.Encode(
            Types, market.ToString(), new BigInteger(taskId), new BigInteger(round), digest.ToArray()));

    internal Generated.Refuter.Case ToMessage() => new()
    {
        Market = Market.ToString(),
        TaskId = TaskId,
        Round = Round,
        Claimant = Claimant.ToString(),
        Result = Result.ToRefuterMessage(),
    };
}
