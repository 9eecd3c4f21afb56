using Research.Storage;

namespace Research.Training;

/// <summary>What turns a specification into a paid task.</summary>
/// <param name="Rounds">Federated rounds, 1 to 65,535.</param>
/// <param name="Reward">How a round's pool is divided.</param>
/// <param name="Evaluation">The evaluation set that scoring uses, committed by hash.</param>
/// <param name="Licence">The licence of the trained model, for example <c>CC-BY-4.0</c>.</param>
/// <param name="Consent">What participants agree to.</param>
public sealed record TaskSection(
    int Rounds, RewardSection Reward, EvaluationSection Evaluation, string Licence, string Consent);

/// <summary>How a round's pool is divided.</summary>
/// <param name="Rule">The rule's name; <c>shapley</c>.</param>
/// <param name="Permutations">Sampled permutations, 1 to 1,000,000.</param>
/// <param name="CopySimilarity">Cosine similarity from which two updates count as copies, in (0, 1].</param>
public sealed record RewardSection(string Rule, int Permutations, double CopySimilarity);

/// <summary>A commitment to an evaluation set.</summary>
/// <param name="Sha256">Hash of the set's bytes.</param>
/// <param name="Examples">Number of examples, at least 1.</param>
public sealed record EvaluationSection(ContentHash Sha256, int Examples);
