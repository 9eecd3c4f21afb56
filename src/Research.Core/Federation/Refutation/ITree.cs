using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>A binary tree over leaves of 128 bytes, to open parts of.</summary>
internal interface ITree
{
    /// <summary>Gets the levels above the leaves.</summary>
    int Depth { get; }

    /// <summary>Gets a node.</summary>
    /// <param name="level">Its level, 0 for leaves.</param>
    /// <param name="index">Its number on the level, from the left.</param>
    TreeHash Node(int level, long index);

    /// <summary>Gets a leaf's bytes.</summary>
    byte[] Leaf(long index);
}
