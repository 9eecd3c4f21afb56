using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>A node of a claimed tree that must be shown to go on.</summary>
/// <param name="Level">Which step of the descent: 0 for the root.</param>
/// <param name="Index">Its number on its level of the tree, from the left.</param>
/// <param name="Node">The node.</param>
/// <param name="Siblings">The hashes beside its way to the root, from below.</param>
public sealed record DemandedNode(int Level, long Index, TreeHash Node, IReadOnlyList<TreeHash> Siblings);
