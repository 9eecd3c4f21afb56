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
    /// <summary>All zero: the result given where no claim decides.</summary>
    public static readonly ClaimResult None = new(Bytes32.Zero, Bytes32.Zero, Bytes32.Zero, 0, 0);

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
