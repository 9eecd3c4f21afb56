using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>What to offer for gas (EIP-1559).</summary>
/// <param name="MaxFeePerGas">Twice the newest block's base fee plus the tip: enough for six
/// full blocks to come.</param>
/// <param name="MaxPriorityFeePerGas">The tip that the node suggests.</param>
public sealed record FeeEstimate(Wei MaxFeePerGas, Wei MaxPriorityFeePerGas);
