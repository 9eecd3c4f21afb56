using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Contracts;

public sealed class AllowListTests
{
    // Oracle: @openzeppelin/merkle-tree 1.0.8, StandardMerkleTree.of(accounts.map(a => [a]), ["address"]) in node.
    [Theory]
    [InlineData(1, "0xa7409058568815d08a7ad3c7d4fd44cf1dec90c620cb31e55ad24c654f7ba34f")]
    [InlineData(2, "0xc6ce8ae383124b268df66d71f0af2206e6dafb13eba0b03806eed8a4e7991329")]
    [InlineData(3, "0xae6afff7b7c4d883d5efd44afa0b98e80317697e8984b4c2de7c54b49c1c4dd4")]
    [InlineData(5, "0xd21ca6424df344c7bdcd3d65c364ffa0cfbe7e04510d81fa57c175716da06376")]
    public void Root_OfAccounts_IsOpenZeppelins(int count, string root)
    {
        Address[] accounts = Accounts(count);

        Assert.Equal(root, new AllowList(accounts).Root.ToString());
        Assert.Equal(root, new AllowList([.. accounts.Reverse()]).Root.ToString());
    }

    // Oracle: the same tree's getProof of the second of five accounts.
    [Fact]
    public void ProofOf_AnAccount_IsOpenZeppelins() => Assert.Equal(
        [
            "0x1ede693ef734e17c8e0812c5ae5379839975b77cefe7b9eec7592c998b7fd2a2",
            "0xc1a4e2258434b8b7a69682d99b2b808571e2709f8c941bb348cacb8855522f9f",
            "0x8cdd6608c14a222369d97956b504f94500a33c673fd156f8f2da7f980260c91c",
        ],
        new AllowList(Accounts(5)).ProofOf(Accounts(5)[1]).Select(sibling => sibling.ToString()));

    [Fact]
    public void Constructor_NoOrRepeatedAccounts_Throws()
    {
        Assert.Throws<ArgumentException>(() => new AllowList([]));
        Assert.Throws<ArgumentException>(() => new AllowList([.. Accounts(1), .. Accounts(1)]));
        Assert.Throws<ArgumentException>(() => new AllowList(Accounts(2)).ProofOf(Accounts(3)[2]));
        Assert.Empty(new AllowList(Accounts(1)).ProofOf(Accounts(1)[0]));
        Assert.Equal(Accounts(3), new AllowList(Accounts(3)).Accounts);
    }

    private static Address[] Accounts(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new Address([.. Enumerable.Repeat((byte)(0x11 * i), 20)]))];
}
