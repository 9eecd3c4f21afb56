using Research.Privacy.Accounting;
using Research.Privacy.Sums;

namespace Research.Training;

/// <summary>What one training produced.</summary>
/// <remarks>
/// Nothing here has been charged to a ledger: charge <see cref="Privacy"/> before anything leaves the machine.
/// </remarks>
public sealed class TrainingRun
{
    internal TrainingRun()
    {
    }

    /// <summary>Gets the specification.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>Gets the network with its final weights.</summary>
    public required Network Network { get; init; }

    /// <summary>Gets the weights that training started from.</summary>
    public required Checkpoint Initial { get; init; }

    /// <summary>Gets the final weights.</summary>
    public required Checkpoint Final { get; init; }

    /// <summary>Gets a point for each step. Training losses are not private: keep them local.</summary>
    public required IReadOnlyList<LossPoint> LossCurve { get; init; }

    /// <summary>
    /// Gets what training cost; null if it was not private. Neighbouring relation: add or remove one record. Features
    /// that are normalised by the data cost more: see <see cref="ModelSpec.PrivacyEvents"/>.
    /// </summary>
    public required GaussianEvent? Privacy { get; init; }

    /// <summary>Gets what a ledger charges before anything of the run leaves; null if it was not private.</summary>
    public required PrivacyReceipt? Receipt { get; init; }

    /// <summary>
    /// Gets whether sampling and noise came from a cryptographic generator; false also for a run that was not private.
    /// </summary>
    public required bool IsNoiseCryptographic { get; init; }

    /// <summary>
    /// Gets how often an example's gradient held NaN or infinity and counted as zero. It is not private: keep it local.
    /// </summary>
    public required long NonFiniteGradients { get; init; }

    /// <summary>Gets how long the run took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
