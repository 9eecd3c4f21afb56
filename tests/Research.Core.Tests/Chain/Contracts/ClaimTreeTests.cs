using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Contracts;

public sealed class ClaimTreeTests
{
    // Oracle: the README of OpenZeppelin merkle-tree, "Building a Tree".
    [Fact]
    public void Root_ReadmeExample_IsThePublishedRoot()
    {
        Parameter[] types = [new("address", 1), new("uint256", 2)];
        (string, string)[] values =
        [
            ("0x1111111111111111111111111111111111111111", "5000000000000000000"),
            ("0x2222222222222222222222222222222222222222", "2500000000000000000"),
        ];

        MerkleTree tree = new(values.Select(value => Keccak256.Hash(Keccak256.Hash(
            StrictAbi.Encode(types, value.Item1, Wei.Parse(value.Item2).Amount)).ToArray())));

        Assert.Equal("0xd4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77", tree.Root.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void ProofOf_EveryClaim_LeadsToTheRootAndOnlyItself(int count)
    {
        RewardClaim[] claims = Claims(count);
        ClaimTree tree = new(claims);

        foreach (RewardClaim claim in claims)
        {
            IReadOnlyList<Bytes32> proof = tree.ProofOf(claim);
            Assert.True(ClaimTree.Verify(tree.Root, claim, proof));
            Assert.False(ClaimTree.Verify(tree.Root, claim with { Amount = claim.Amount + new Wei(1) }, proof));
            Assert.False(ClaimTree.Verify(tree.Root, claim with { Index = claim.Index + 1 }, proof));
        }

        Assert.Equal(tree.Root, new ClaimTree([.. claims.Reverse()]).Root);
        Assert.Equal(new Wei(count * (count + 1) / 2), tree.Total);
    }

    [Fact]
    public void Constructor_NoOrRepeatedClaims_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ClaimTree([]));
        Assert.Throws<ArgumentException>(() => new ClaimTree([.. Claims(1), .. Claims(1)]));
        Assert.Throws<ArgumentException>(() => new ClaimTree(Claims(2)).ProofOf(Claims(3)[2]));
    }

    private static RewardClaim[] Claims(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new RewardClaim(i, Participant(i), new Wei(i + 1)))];

    private static Address Participant(int i) => new(Keccak256.Hash([(byte)i]).ToArray().AsSpan(12));
}
