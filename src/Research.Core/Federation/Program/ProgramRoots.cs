using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Federation.Trace;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>What a task's terms commit to: what each of its rounds is scored by.</summary>
/// <remarks>
/// A tree with a leaf for each round: the root of its program, of its records, of their keys, and of the model that the
/// task starts from, 32 bytes each. Source: contracts/SCORING.md, section Records.
/// </remarks>
public sealed class ProgramRoots
{
    private readonly ProgramWords[] _programs;
    private readonly byte[] _leaves;

    private ProgramRoots(ModelSpec spec, ProgramWords[] programs)
    {
        _programs = programs;
        Initial = ModelRoots.Of(GlobalModel.Initial(spec));
        _leaves = new byte[programs.Length * KeccakLanes.LeafBytes];
        for (int round = 0; round < programs.Length; round++)
        {
            EvaluationCommitment commitment = spec.Task!.Evaluation.Rounds[round];
            Span<byte> leaf = _leaves.AsSpan(round * KeccakLanes.LeafBytes, KeccakLanes.LeafBytes);
            programs[round].Root.CopyTo(leaf);
            commitment.Records.CopyTo(leaf[TreeHash.Size..]);
            commitment.Keys.CopyTo(leaf[(2 * TreeHash.Size)..]);
            Initial.CopyTo(leaf[(3 * TreeHash.Size)..]);
        }

        Root = LeafTree.Root(_leaves);
    }

    /// <summary>Gets the root: <c>programRoot</c> of the terms.</summary>
    public TreeHash Root { get; }

    /// <summary>Gets the root of the model that the task starts from.</summary>
    public TreeHash Initial { get; }

    /// <summary>Derives the programs of all rounds.</summary>
    /// <remarks>Takes about a tenth of a second for each round.</remarks>
    /// <param name="spec">The specification.</param>
    /// <param name="cancellationToken">Stops between two rounds.</param>
    /// <exception cref="SpecException">The specification cannot be paid, or cannot be scored by a program.</exception>
    public static ProgramRoots Of(ModelSpec spec, CancellationToken cancellationToken = default)
    {
        PayableSpec.Require(spec);
        ProgramWords[] programs = new ProgramWords[spec.Task!.Rounds];
        for (int round = 0; round < programs.Length; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            programs[round] = ProgramCode.Of(ScoringProgram.Of(spec, round)).Words;
        }

        return new ProgramRoots(spec, programs);
    }

    /// <summary>Gets a round's program, as it is committed to.</summary>
    public ProgramWords Program(int round) => _programs[round];

    /// <summary>Gets the hashes beside the way from a round's leaf to the root, from below.</summary>
    public IReadOnlyList<TreeHash> PathOf(int round) => LeafTree.Path(_leaves, round);
}
