using Research.Privacy.Accounting;
using Research.Privacy.Sums;
using Research.Training.Data;

namespace Research.Training;

/// <summary>What one training produced.</summary>
/// <remarks>
/// Nothing here has been charged to a ledger, so a private run keeps its weights: only what is charged first gives them
/// out, <c>ReleasedModel.Release</c> or <c>ModelUpdate.Release</c>. <see cref="Evaluate"/> looks at them: what it finds
/// on one's own records is a release too if it is passed on.
/// </remarks>
public sealed class TrainingRun
{
    internal TrainingRun()
    {
    }

    /// <summary>Gets the specification.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>Gets the weights that training started from.</summary>
    public required Checkpoint Initial { get; init; }

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

    /// <summary>Gets the network with its final weights.</summary>
    internal Network Network { get; init; } = null!;

    /// <summary>Gets the final weights.</summary>
    internal Checkpoint Final { get; init; } = null!;

    /// <summary>Computes mean loss and accuracy of the final network.</summary>
    /// <remarks>On public data that is all there is to it; on records that must stay private, looking is a
    /// release.</remarks>
    /// <param name="data">The examples, at least one; their shape and classes must fit the model.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <exception cref="SpecException">The data do not fit the model.</exception>
    public Evaluation Evaluate(Dataset data, int threads = 1) => Network.Evaluate(data, threads);

    /// <summary>Opens the final network of a run that was not private.</summary>
    /// <returns>A network of its own: changing it changes nothing here.</returns>
    /// <exception cref="InvalidOperationException">The run was private: its weights open only once they are
    /// charged.</exception>
    public Network OpenNetwork()
    {
        if (Spec.Privacy is not null || Receipt is not null)
        {
            throw new InvalidOperationException(
                "A private run opens its weights only once they are charged: use ReleasedModel.Release or "
                + "ModelUpdate.Release with the owner's ledger.");
        }

        Network network = Network.Create(Spec);
        network.Load(Final);
        return network;
    }
}
