using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Evaluation;
using Research.Federation.Refutation;
using Research.Federation.Trace;

namespace Research.Market;

/// <summary>Refutations as a refuter takes them: the one place where proofs meet the chain.</summary>
public static class RefutationCalls
{
    /// <summary>Gets the call that makes a claim fall by a refutation.</summary>
    /// <param name="task">The task.</param>
    /// <param name="claimed">The claim.</param>
    /// <param name="refutation">What is wrong with it.</param>
    public static RefutationCall Of(OpenTask task, RefuterCase claimed, Refutation refutation)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(refutation);
        RoundProof proof = task.ProofOf(claimed.Round);
        Bytes32 keys = CommittedRecords.CommitmentOf(task.Spec, claimed.Round).Keys.ToBytes32();
        return refutation switch
        {
            StepRefutation step => Refuter.RefuteStep(claimed, new ProvedStep(
                RecordOf(step.Record), step.At, Leaves(step.Output), [.. step.Inputs.Select(Leaves)])),
            PaddingRefutation padding => Refuter.RefutePadding(
                claimed, RecordOf(padding.Record), padding.At, Leaves(padding.Output)),
            EndRefutation end => Refuter.RefuteEnd(claimed, proof, keys, Leaves(end.Output)),
            FieldRefutation field => Refuter.RefuteField(
                claimed, proof, keys, (CaseField)field.Field, Leaves(field.Output)),
            ResultRefutation result => Refuter.RefuteResult(
                claimed, proof, keys, Leaves(result.Result), Leaves(result.Entry), Leaves(result.Points)),
            _ => throw new ArgumentException($"No refuter takes a {refutation.GetType().Name}.", nameof(refutation)),
        };

        ProvedRecord RecordOf(RecordProof record) => new(
            proof, keys, record.Number, record.Mask, Words(record.Words), Words(record.Siblings));
    }

    private static ShownLeaves Leaves(OpenLeaves? leaves) =>
        leaves is null ? ShownLeaves.None : new ShownLeaves(leaves.First, leaves.Data, Words(leaves.Siblings));

    private static IReadOnlyList<Bytes32> Words(IReadOnlyList<TreeHash> hashes) =>
        [.. hashes.Select(hash => hash.ToBytes32())];
}
