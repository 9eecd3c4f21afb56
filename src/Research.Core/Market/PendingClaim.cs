using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Market;

/// <summary>What a claimant must keep between sealing and opening; without it its bond is lost.</summary>
/// <param name="TraceRoot">Root of the trace.</param>
/// <param name="ResultsRoot">Root of the results.</param>
/// <param name="ModelRoot">Root of the next model.</param>
/// <param name="Total">Sum of the points.</param>
/// <param name="Right">Records that the next model predicts right.</param>
/// <param name="File">The name of the results in the store.</param>
/// <param name="Salt">The secret salt.</param>
internal sealed record PendingClaim(
    string TraceRoot, string ResultsRoot, string ModelRoot, ulong Total, ulong Right, string File, string Salt)
{
    public ClaimResult Result => new(
        Bytes32.Parse(TraceRoot), Bytes32.Parse(ResultsRoot), Bytes32.Parse(ModelRoot), Total, Right);

    public static PendingClaim Of(ScoredRound scored, Bytes32 salt) => new(
        scored.Claim.TraceRoot.ToString(),
        scored.Claim.ResultsRoot.ToString(),
        scored.Claim.ModelRoot.ToString(),
        scored.Claim.Total,
        scored.Claim.Right,
        scored.Results.Hash.ToBytes32().ToString(),
        salt.ToString());
}
