using Research.Storage;
using Research.Training.Aggregation;

namespace Research.Training;

/// <summary>What turns a specification into a paid task.</summary>
/// <param name="Rounds">Federated rounds, 1 to 65,535.</param>
/// <param name="Reward">How a round's pool is divided.</param>
/// <param name="Evaluation">The records that scoring uses, fresh ones for each round, each under a key of its own.</param>
/// <param name="Licence">The licence of the trained model, for example <c>CC-BY-4.0</c>.</param>
/// <param name="Consent">What participants agree to.</param>
public sealed record TaskSection(
    int Rounds, RewardSection Reward, EvaluationSection Evaluation, string Licence, string Consent)
{
    /// <summary>Gets how the updates that are paid make the next model.</summary>
    public AggregationRule Aggregation { get; init; } = new BoundedMean();

    /// <summary>Gets where everybody in the task finds its blobs, 0 to 4 addresses, all different; see
    /// <see cref="StoreAddress.ParseNamed"/>. They are asked after one's own, and believed as little.</summary>
    public IReadOnlyList<StoreAddress> Stores { get; init; } = [];

    /// <summary>Tells whether another says the same.</summary>
    public bool Equals(TaskSection? other) =>
        other is not null && Rounds == other.Rounds && Reward == other.Reward && Evaluation == other.Evaluation
        && Licence == other.Licence && Consent == other.Consent && Aggregation == other.Aggregation
        && Stores.SequenceEqual(other.Stores);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rounds, Reward, Evaluation, Licence, Consent, Stores.Count);
}

/// <summary>How a round's pool is divided: the linear rule and its numbers.</summary>
/// <param name="Records">The quota: how many records of an account are paid for, 1 to 10^9. An owner of fewer earns less,
/// one of more needs more accounts.</param>
/// <param name="Significance">How many standard deviations of its own noise an update's signal must reach to be paid, 1
/// to 10.</param>
/// <param name="NoiseFloor">Share of the noise that enters linearly which every honest update is taken to have at
/// least, in [0, 1]; 0 turns the test off.</param>
/// <param name="References">Noisy reference runs that set the cap, 1 to 1,000.</param>
public sealed record RewardSection(
    int Records, double Significance = 3.5, double NoiseFloor = 0.95, int References = 24)
{
    /// <summary>The rule's name in a specification.</summary>
    public const string Type = "linear";
}

/// <summary>Commitments to the evaluation records: of each round twice as many as score, in pairs.</summary>
/// <remarks>
/// One of each pair is opened before anybody commits, the other when the round's updates are in; anyone can train on both
/// from then on, so they never score again. See contracts/SCORING.md, "Evaluation records".
/// </remarks>
/// <param name="Examples">R: records that score a round, exactly, 1 or more; a round commits to 2R.</param>
/// <param name="Fraction">f, 0 to 15: an input is a 16-bit integer times 2^-f.</param>
/// <param name="Rounds">The commitments, all different, as many as there are rounds.</param>
public sealed record EvaluationSection(int Examples, int Fraction, IReadOnlyList<EvaluationCommitment> Rounds)
{
    /// <summary>Tells whether another commits to the same records.</summary>
    public bool Equals(EvaluationSection? other) =>
        other is not null && Examples == other.Examples && Fraction == other.Fraction
        && Rounds.SequenceEqual(other.Rounds);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Examples, Fraction, Rounds.Count);
}
