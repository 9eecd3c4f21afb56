using Research.Chain.Primitives;
using Research.Chain.Signing;

namespace Research.Chain.Rpc;

/// <summary>A transaction that a node took, with all that it takes to send or replace it again.</summary>
internal sealed record SentTransaction(
    Bytes32 Hash, ISigner Signer, Eip1559Transaction Transaction, FeeEstimate Fee, ReadOnlyMemory<byte> Raw);
