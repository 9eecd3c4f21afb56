using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>What to offer for gas (EIP-1559).</summary>
/// <param name="BaseFeePerGas">The newest block's base fee.</param>
/// <param name="MaxFeePerGas">Twice that plus the tip: enough for six full blocks to come.</param>
/// <param name="MaxPriorityFeePerGas">The tip that the node suggests.</param>
public sealed record FeeEstimate(Wei BaseFeePerGas, Wei MaxFeePerGas, Wei MaxPriorityFeePerGas);
