using Research.Privacy.Ledger;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Train;

/// <summary>A finished training, and what of it was written.</summary>
/// <param name="Plan">What was asked.</param>
/// <param name="Run">The run.</param>
/// <param name="Entry">What was charged for it, or null.</param>
/// <param name="Checkpoint">Hash of the checkpoint written, or null.</param>
/// <param name="Onnx">Hash of the ONNX model written, or null.</param>
internal sealed record TrainOutcome(
    TrainPlan Plan, TrainingRun Run, LedgerEntry? Entry, ContentHash? Checkpoint, ContentHash? Onnx)
{
    /// <summary>Gets the final network on held-out data.</summary>
    public Evaluation HeldOut => Run.LossCurve[^1].Validation!;

    /// <summary>Gets whether the held-out records are the owner's own.</summary>
    public bool IsHeldOutOwn => Plan.IsDataOwn;
}
