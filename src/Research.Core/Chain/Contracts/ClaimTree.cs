using System.Numerics;
using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>The Merkle tree over a round's rewards: its root is posted, its proofs are what claims carry.</summary>
/// <remarks>
/// The same tree as OpenZeppelin's <c>StandardMerkleTree</c> over (uint256, address, uint256): leaves hashed twice and
/// sorted, pairs hashed in sorted order. The root does not depend on the order of the claims.
/// </remarks>
public sealed class ClaimTree
{
    private static readonly Parameter[] LeafTypes =
        [new("uint256", 1), new("address", 2), new("uint256", 3)];

    private readonly MerkleTree _tree;

    /// <summary>Builds the tree.</summary>
    /// <exception cref="ArgumentException">There is no claim, an index is negative, or two
    /// claims have one index.</exception>
    public ClaimTree(IReadOnlyList<RewardClaim> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        if (claims.Count == 0
            || claims.Any(claim => claim.Index < 0)
            || claims.DistinctBy(claim => claim.Index).Count() != claims.Count)
        {
            throw new ArgumentException(
                $"Expected at least one claim, each with its own index from 0; got {claims.Count} claims.",
                nameof(claims));
        }

        Claims = [.. claims];
        _tree = new MerkleTree(claims.Select(Leaf));
    }

    /// <summary>Gets the claims, as given.</summary>
    public IReadOnlyList<RewardClaim> Claims { get; }

    /// <summary>Gets the root to post.</summary>
    public Bytes32 Root => _tree.Root;

    /// <summary>Gets the sum of all amounts, to post with the root.</summary>
    public Wei Total => Claims.Aggregate(Wei.Zero, (sum, claim) => sum + claim.Amount);

    /// <summary>Gets the leaf of a claim.</summary>
    public static Bytes32 Leaf(RewardClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        byte[] encoded = StrictAbi.Encode(
            LeafTypes, new BigInteger(claim.Index), claim.Participant.ToString(), claim.Amount.Amount);
        return Keccak256.Hash(Keccak256.Hash(encoded).ToArray());
    }

    /// <summary>Tells whether <paramref name="proof"/> leads from a claim to a root.</summary>
    public static bool Verify(Bytes32 root, RewardClaim claim, IReadOnlyList<Bytes32> proof) =>
        proof.Aggregate(Leaf(claim), MerkleTree.HashPair) == root;

    /// <summary>Gets the siblings on the way from a claim up to the root.</summary>
    /// <exception cref="ArgumentException">The claim is not in the tree.</exception>
    public IReadOnlyList<Bytes32> ProofOf(RewardClaim claim) => _tree.ProofOf(Leaf(claim))
        ?? throw new ArgumentException($"{claim} is not in this tree.", nameof(claim));
}
