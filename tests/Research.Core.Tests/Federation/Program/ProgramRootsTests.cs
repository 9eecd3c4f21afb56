using Research.Chain.Primitives;
using Research.Federation.Program;
using Research.Market;
using Research.Training;

namespace Research.Tests.Federation.Program;

public sealed class ProgramRootsTests
{
    // Three roots of 32 bytes and 32 zero bytes are one leaf, whose hash is the root: by Nethereum's keccak.
    [Fact]
    public void Of_ThreeRounds_IsTheRootOverTheRoundsProgramsInOrder()
    {
        ModelSpec spec = FederatedDigits.Spec;
        byte[][] roots =
            [.. Enumerable.Range(0, 3).Select(round => ProgramCode.Of(ScoringProgram.Of(spec, round)).Root.ToArray())];

        Bytes32 expected = Keccak256.Hash([.. roots[0], .. roots[1], .. roots[2], .. new byte[32]]);

        Assert.Equal(3, roots.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(expected, ProgramRoots.Of(spec).ToBytes32());
        Assert.NotEqual(expected, ProgramRoots.Of(spec with { Name = "another" }).ToBytes32()); // Seeds its noise.
    }

    [Fact]
    public void Of_WhatCannotBePaid_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => ProgramRoots.Of(null!));
        SpecException refused = Assert.Throws<SpecException>(
            () => ProgramRoots.Of(FederatedDigits.Spec with { Task = null }));
        Assert.Contains("$.task", refused.Message, StringComparison.Ordinal);
    }
}
