using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A demand's fee was paid.</summary>
/// <param name="Id">The case.</param>
/// <param name="Node">The node.</param>
/// <param name="Recipient">Whom: who answered, or who demanded.</param>
/// <param name="Fee">How much.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record NodeFeePaid(Bytes32 Id, Bytes32 Node, Address Recipient, Wei Fee, EventLog Log)
{
    internal static NodeFeePaid From(Generated.Refuter.NodeFeePaidEventDTO message, EventLog log) => new(
        message.Id.ToBytes32(), message.Node.ToBytes32(), message.Recipient.ToAddress(), message.Fee.ToWei(), log);
}
