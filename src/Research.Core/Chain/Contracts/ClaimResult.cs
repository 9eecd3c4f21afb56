using System.Numerics;
using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What a claim says of a round.</summary>
/// <param name="TraceRoot">Root of the tree over the trace's 128-byte leaves.</param>
/// <param name="ResultsRoot">Root of the tree over the results.</param>
/// <param name="ModelRoot">Root of the tree over the next model's weights.</param>
/// <param name="Total">Sum of the points.</param>
/// <param name="Right">Records that the next model predicts right.</param>
public sealed record ClaimResult(
    Bytes32 TraceRoot,
    Bytes32 ResultsRoot,
    Bytes32 ModelRoot,
    ulong Total,
    ulong Right)
{
    private static readonly Parameter[] Types =
        [new("bytes32", 1), new("bytes32", 2), new("bytes32", 3), new("uint64", 4), new("uint64", 5)];

    /// <summary>All zero: the result given where no claim decides.</summary>
    public static readonly ClaimResult None = new(Bytes32.Zero, Bytes32.Zero, Bytes32.Zero, 0, 0);

    /// <summary>Gets what a posted claim is kept as: the first 24 bytes of its hash. Claims of one digest are one case.</summary>
    public Bytes24 Digest => Bytes24.Of(Keccak256.Hash(StrictAbi.Encode(
        Types,
        TraceRoot.ToArray(),
        ResultsRoot.ToArray(),
        ModelRoot.ToArray(),
        new BigInteger(Total),
        new BigInteger(Right))));

    internal Generated.Refuter.Result ToRefuterMessage() => new()
    {
        TraceRoot = TraceRoot.ToArray(),
        ResultsRoot = ResultsRoot.ToArray(),
        ModelRoot = ModelRoot.ToArray(),
        Total = Total,
        Right = Right,
    };

    internal Generated.Result ToMessage() => new()
    {
        TraceRoot = TraceRoot.ToArray(),
        ResultsRoot = ResultsRoot.ToArray(),
        ModelRoot = ModelRoot.ToArray(),
        Total = Total,
        Right = Right,
    };

    internal static ClaimResult From(Generated.Result message) => new(
        message.TraceRoot.ToBytes32(),
        message.ResultsRoot.ToBytes32(),
        message.ModelRoot.ToBytes32(),
        message.Total,
        message.Right);
}
