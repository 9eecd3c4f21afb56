using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A node of a claim's tree was demanded.</summary>
/// <param name="Id">The case.</param>
/// <param name="Tree">Which tree.</param>
/// <param name="Level">Which step of the descent: 0 the root, each answer goes four levels down.</param>
/// <param name="Index">The node's number on its level of the tree, from the left.</param>
/// <param name="Node">The node.</param>
/// <param name="Demander">Who asked.</param>
/// <param name="Due">First second in which no answer is taken.</param>
/// <param name="Fee">What goes to who answers.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record NodeDemanded(
    Bytes32 Id,
    CaseTree Tree,
    int Level,
    ulong Index,
    Bytes32 Node,
    Address Demander,
    ulong Due,
    Wei Fee,
    EventLog Log)
{
    internal static NodeDemanded From(Generated.Refuter.NodeDemandedEventDTO message, EventLog log) => new(
        message.Id.ToBytes32(),
        message.Tree.ToEnum<CaseTree>(),
        message.Level.ToInt32(),
        message.Index.ToUInt64(),
        message.Node.ToBytes32(),
        message.Demander.ToAddress(),
        message.Due.ToUInt64(),
        message.Fee.ToWei(),
        log);
}
