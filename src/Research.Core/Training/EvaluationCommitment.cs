using Research.Federation.Trace;
using Research.Storage;

namespace Research.Training;

/// <summary>What a specification holds of a round's evaluation records.</summary>
/// <param name="Keys">Root of the tree over their keys.</param>
/// <param name="Records">Root of the tree over their ciphertext.</param>
/// <param name="Sha256">SHA-256 of their ciphertext: its name in a store.</param>
public sealed record EvaluationCommitment(TreeHash Keys, TreeHash Records, ContentHash Sha256);
