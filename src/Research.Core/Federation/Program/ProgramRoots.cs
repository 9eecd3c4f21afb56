using Research.Federation.Rewards;
using Research.Federation.Trace;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>What a task's terms commit to: what each of its rounds is scored by.</summary>
/// <remarks>
/// A tree with a leaf for each round: the root of its program, of its records and of their keys, 32 bytes each, and 32
/// zero bytes. Source: contracts/SCORING.md, section Records.
/// </remarks>
public sealed class ProgramRoots
{
    private readonly TreeHash[] _programs;
    private readonly byte[] _leaves;

    private ProgramRoots(ModelSpec spec, TreeHash[] programs)
    {
        _programs = programs;
        _leaves = new byte[programs.Length * KeccakLanes.LeafBytes];
        for (int round = 0; round < programs.Length; round++)
        {
            EvaluationCommitment commitment = spec.Task!.Evaluation.Rounds[round];
            Span<byte> leaf = _leaves.AsSpan(round * KeccakLanes.LeafBytes, KeccakLanes.LeafBytes);
            programs[round].CopyTo(leaf);
            commitment.Records.CopyTo(leaf[TreeHash.Size..]);
            commitment.Keys.CopyTo(leaf[(2 * TreeHash.Size)..]);
        }

        Root = LeafTree.Root(_leaves);
    }

    /// <summary>Gets the root: <c>programRoot</c> of the terms.</summary>
    public TreeHash Root { get; }

    /// <summary>Derives the programs of all rounds.</summary>
    /// <remarks>Takes about a tenth of a second for each round.</remarks>
    /// <param name="spec">The specification.</param>
    /// <param name="cancellationToken">Stops between two rounds.</param>
    /// <exception cref="SpecException">The specification cannot be paid, or cannot be scored by a program.</exception>
    public static ProgramRoots Of(ModelSpec spec, CancellationToken cancellationToken = default)
    {
        PayableSpec.Require(spec);
        TreeHash[] programs = new TreeHash[spec.Task!.Rounds];
        for (int round = 0; round < programs.Length; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            programs[round] = ProgramCode.Of(ScoringProgram.Of(spec, round)).Root;
        }

        return new ProgramRoots(spec, programs);
    }

    /// <summary>Gets the root of a round's program.</summary>
    public TreeHash Program(int round) => _programs[round];

    /// <summary>Gets the hashes beside the way from a round's leaf to the root, from below.</summary>
    public IReadOnlyList<TreeHash> PathOf(int round) => LeafTree.Path(_leaves, round);
}
