using System.Numerics;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>Consecutive leaves of a tree, and the hashes beside their way to the root.</summary>
/// <param name="First">The number of the first leaf.</param>
/// <param name="Data">The leaves, 128 bytes each; one or more.</param>
/// <param name="Siblings">From below: on each level the node left of them, where the first is a right child, then the node right
/// of them, where the last is a left child.</param>
public sealed record ShownLeaves(BigInteger First, ReadOnlyMemory<byte> Data, IReadOnlyList<Bytes32> Siblings)
{
    /// <summary>No leaves, where a proof needs none.</summary>
    public static readonly ShownLeaves None = new(BigInteger.Zero, default, []);

    internal Generated.Refuter.Leaves ToMessage() => new()
    {
        First = First,
        Data = Data.ToArray(),
        Siblings = Siblings.ToMessage(),
    };
}
