using Research.Chain.Primitives;
using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Market;
using Research.Training;

namespace Research.Tests.Federation.Program;

public sealed class ProgramRootsTests
{
    // Three leaves and one of zeros, by Nethereum's keccak.
    [Fact]
    public void Of_ThreeRounds_IsTheTreeOverProgramRecordsKeysAndInitialModel()
    {
        ModelSpec spec = FederatedDigits.Spec;
        byte[][] leaves =
        [
            .. Enumerable.Range(0, 3).Select(round => (byte[])
            [
                .. ProgramCode.Of(ScoringProgram.Of(spec, round)).Root.ToArray(),
                .. spec.Task!.Evaluation.Rounds[round].Records.ToArray(),
                .. spec.Task.Evaluation.Rounds[round].Keys.ToArray(),
                .. ModelRoots.Of(GlobalModel.Initial(spec)).ToArray(),
            ]),
            new byte[128],
        ];
        byte[][] hashes = [.. leaves.Select(leaf => Keccak256.Hash(leaf).ToArray())];
        byte[] left = Keccak256.Hash([.. hashes[0], .. hashes[1]]).ToArray();
        byte[] right = Keccak256.Hash([.. hashes[2], .. hashes[3]]).ToArray();
        Bytes32 expected = Keccak256.Hash([.. left, .. right]);

        ProgramRoots roots = ProgramRoots.Of(spec);

        Assert.Equal(3, leaves.Take(3).Select(leaf => Convert.ToHexString(leaf[..32])).Distinct().Count());
        Assert.Equal(expected, roots.Root.ToBytes32());
        Assert.Equal([hashes[0], right], roots.PathOf(1).Select(hash => hash.ToArray()));
        Assert.Equal(leaves[2][..32], roots.Program(2).Root.ToArray());
        Assert.Equal(leaves[0][96..], roots.Initial.ToArray());
        Assert.NotEqual(expected, ProgramRoots.Of(spec with { Name = "another" }).Root.ToBytes32()); // Seeds its noise.
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
