using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>
/// A Merkle tree over hashed leaves, whose shape and pairs a contract checks with OpenZeppelin's MerkleProof.
/// </summary>
/// <remarks>Source: OpenZeppelin merkle-tree 1.0.8, <c>makeMerkleTree</c> over sorted leaves.</remarks>
internal sealed class MerkleTree
{
    private readonly Bytes32[] _nodes; // A heap: the root first, children of i at 2i + 1 and 2i + 2, leaves last.
    private readonly Dictionary<Bytes32, int> _places = [];

    public MerkleTree(IEnumerable<Bytes32> leaves)
    {
        Bytes32[] sorted = [.. leaves.Order()];
        _nodes = new Bytes32[(2 * sorted.Length) - 1];
        for (int i = 0; i < sorted.Length; i++)
        {
            int place = _nodes.Length - 1 - i;
            _nodes[place] = sorted[i];
            _places[sorted[i]] = place;
        }

        for (int i = sorted.Length - 2; i >= 0; i--)
        {
            _nodes[i] = HashPair(_nodes[(2 * i) + 1], _nodes[(2 * i) + 2]);
        }
    }

    public Bytes32 Root => _nodes[0];

    public static Bytes32 HashPair(Bytes32 left, Bytes32 right) => left < right
        ? Keccak256.Hash([.. left.ToArray(), .. right.ToArray()])
        : Keccak256.Hash([.. right.ToArray(), .. left.ToArray()]);

    /// <summary>Gets the siblings on the way from a leaf up to the root, or null if it is not in the tree.</summary>
    public IReadOnlyList<Bytes32>? ProofOf(Bytes32 leaf)
    {
        if (!_places.TryGetValue(leaf, out int place))
        {
            return null;
        }

        List<Bytes32> proof = [];
        for (; place > 0; place = (place - 1) / 2)
        {
            proof.Add(_nodes[place % 2 == 0 ? place - 1 : place + 1]);
        }

        return proof;
    }
}
