using Research.Federation.Rewards;
using Research.Federation.Trace;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>What a task's terms commit to: the programs by which its rounds are scored.</summary>
/// <remarks>Source: contracts/SCORING.md, section Records.</remarks>
public static class ProgramRoots
{
    /// <summary>Derives the root of the tree over the programs of all rounds, 32 bytes each in order.</summary>
    /// <remarks>Takes about a tenth of a second for each round.</remarks>
    /// <param name="spec">The specification.</param>
    /// <exception cref="SpecException">The specification cannot be paid, or cannot be scored by a program.</exception>
    public static TreeHash Of(ModelSpec spec)
    {
        PayableSpec.Require(spec);
        byte[] roots = new byte[spec.Task!.Rounds * TreeHash.Size];
        for (int round = 0; round < spec.Task.Rounds; round++)
        {
            ProgramCode.Of(ScoringProgram.Of(spec, round)).Root.CopyTo(roots.AsSpan(round * TreeHash.Size));
        }

        return LeafTree.Root(roots);
    }
}
