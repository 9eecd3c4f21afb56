using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>A demanded node was opened: everybody can go on from it.</summary>
/// <param name="Id">The case.</param>
/// <param name="Node">The node.</param>
/// <param name="Data">Its descendants four levels down, 32 bytes each (of the root, as many levels down as leave a multiple of
/// four below them); of a leaf, its 128 bytes.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record NodeShown(Bytes32 Id, Bytes32 Node, ReadOnlyMemory<byte> Data, EventLog Log)
{
    internal static NodeShown From(Generated.Refuter.NodeShownEventDTO message, EventLog log) =>
        new(message.Id.ToBytes32(), message.Node.ToBytes32(), message.Data, log);
}
