using System.Numerics;
using Research.Chain.Abi;
using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Tests.Chain.Contracts;

/// <summary>What is too large for this library is an error on its way in and out, never cut.</summary>
public sealed class AbiValuesTests
{
    [Fact]
    public void Narrowing_TooLarge_Throws()
    {
        Assert.Equal(ulong.MaxValue, new BigInteger(ulong.MaxValue).ToUInt64());
        Assert.Equal(int.MaxValue, new BigInteger(int.MaxValue).ToInt32());
        Assert.Equal(Phase.Closed, ((byte)7).ToEnum<Phase>());

        Assert.Throws<AbiException>(() => (new BigInteger(ulong.MaxValue) + 1).ToUInt64());
        Assert.Throws<AbiException>(() => (new BigInteger(int.MaxValue) + 1).ToInt32());
        Assert.Throws<AbiException>(() => ((byte)8).ToEnum<Phase>());
        Assert.Throws<AbiException>(() => ((byte)2).ToEnum<Delivery>());
        Assert.Throws<AbiException>(() => ((byte)5).ToEnum<Outcome>());
        Assert.Throws<AbiException>(() => ((byte)4).ToEnum<Standing>());
        Assert.Throws<AbiException>(() => ((byte)5).ToEnum<ClaimState>());
        Assert.Throws<ArgumentException>(() => new byte[32].ToBytes24());
    }

    [Fact]
    public void Terms_AmountsBeyond64Bits_AreRefused()
    {
        Terms terms = RoundTrees.Offer(1, Delivery.Calldata);
        Wei large = new(BigInteger.One << 64);

        Assert.Throws<AbiException>(() => (terms with { Stake = large }).ToMessage());
        Assert.Throws<AbiException>(() => (terms with { Bond = large }).ToMessage());
        Assert.Throws<AbiException>(() => (terms with { AuditFee = large }).ToMessage());
        Assert.Equal(ulong.MaxValue, (terms with { Stake = large - new Wei(1) }).ToMessage().Stake);
    }

    [Fact]
    public void Terms_ThereAndBack_AreTheSame()
    {
        Terms terms = RoundTrees.Offer(2, Delivery.Demand) with
        {
            Token = new Address([.. Enumerable.Repeat((byte)7, 20)]),
            AllowRoot = Keccak256.Hash([8]),
            Start = (1UL << 40) - 1,
            Target = ulong.MaxValue,
            TargetRight = uint.MaxValue,
        };

        Assert.Equal(terms, Terms.From(terms.ToMessage(), terms.SpecHash));
        Assert.Equal(terms.AuditFee * 2, terms.AuditFees);
    }

    [Fact]
    public void Round_CountsBeyond31Bits_AreRefused()
    {
        Research.Chain.Contracts.Generated.Claim claim = new() { Digest = new byte[24], Place = uint.MaxValue };

        Assert.Throws<OverflowException>(() => MarketClaim.From(claim));
    }
}
