using Research.Storage;
using Research.Training.Aggregation;

namespace Research.Training;

/// <summary>What turns a specification into a paid task.</summary>
/// <param name="Rounds">Federated rounds, 1 to 65,535.</param>
/// <param name="Reward">How a round's pool is divided.</param>
/// <param name="Evaluation">The records that scoring uses, fresh ones for each round, committed by hash.</param>
/// <param name="Licence">The licence of the trained model, for example <c>CC-BY-4.0</c>.</param>
/// <param name="Consent">What participants agree to.</param>
public sealed record TaskSection(
    int Rounds, RewardSection Reward, EvaluationSection Evaluation, string Licence, string Consent)
{
    /// <summary>Gets how the updates that are paid make the next model.</summary>
    public AggregationRule Aggregation { get; init; } = new BoundedMean();
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

/// <summary>Commitments to the evaluation records, a set for each round.</summary>
/// <remarks>
/// A set is opened when its round is scored, and anyone can train on it from then on: so it never scores again.
/// </remarks>
/// <param name="Sha256">Hash of each round's set, all different, as many as there are rounds.</param>
/// <param name="Examples">Records in each set at least, 1 or more.</param>
public sealed record EvaluationSection(IReadOnlyList<ContentHash> Sha256, int Examples)
{
    /// <summary>Tells whether another commits to the same sets.</summary>
    public bool Equals(EvaluationSection? other) =>
        other is not null && Examples == other.Examples && Sha256.SequenceEqual(other.Sha256);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Examples, Sha256.Count);
}
