using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>
/// The Merkle tree over the accounts that may take part: terms carry its root, commitments its proofs.
/// </summary>
/// <remarks>
/// The same tree as OpenZeppelin's <c>StandardMerkleTree</c> over (address): leaves hashed twice and sorted, pairs
/// hashed in sorted order. The root does not depend on the order of the accounts.
/// Source: OpenZeppelin merkle-tree 1.0.8, <c>makeMerkleTree</c> over sorted leaves.
/// </remarks>
public sealed class AllowList
{
    private static readonly Parameter[] LeafTypes = [new("address", 1)];

    private readonly Bytes32[] _nodes; // A heap: the root first, children of i at 2i + 1 and 2i + 2, leaves last.
    private readonly Dictionary<Bytes32, int> _places = [];

    /// <summary>Builds the tree.</summary>
    /// <exception cref="ArgumentException">There is no account, or one is there twice.</exception>
    public AllowList(IReadOnlyList<Address> accounts)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        if (accounts.Count == 0 || accounts.Distinct().Count() != accounts.Count)
        {
            throw new ArgumentException(
                $"Expected at least one account, each once; got {accounts.Count} accounts.", nameof(accounts));
        }

        Bytes32[] sorted = [.. accounts.Select(Leaf).Order()];
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

        Accounts = [.. accounts];
    }

    /// <summary>Gets the accounts, as given.</summary>
    public IReadOnlyList<Address> Accounts { get; }

    /// <summary>Gets the root for the terms.</summary>
    public Bytes32 Root => _nodes[0];

    /// <summary>Gets the siblings on the way from an account's leaf up to the root.</summary>
    /// <exception cref="ArgumentException">The account is not on the list.</exception>
    public IReadOnlyList<Bytes32> ProofOf(Address account)
    {
        if (!_places.TryGetValue(Leaf(account), out int place))
        {
            throw new ArgumentException($"{account} is not on this list.", nameof(account));
        }

        List<Bytes32> proof = [];
        for (; place > 0; place = (place - 1) / 2)
        {
            proof.Add(_nodes[place % 2 == 0 ? place - 1 : place + 1]);
        }

        return proof;
    }

    private static Bytes32 Leaf(Address account) =>
        Keccak256.Hash(Keccak256.Hash(StrictAbi.Encode(LeafTypes, account.ToString())).ToArray());

    private static Bytes32 HashPair(Bytes32 left, Bytes32 right) => left < right
        ? Keccak256.Hash([.. left.ToArray(), .. right.ToArray()])
        : Keccak256.Hash([.. right.ToArray(), .. left.ToArray()]);
}
