namespace Research.Federation.Scoring;

/// <summary>One participant's place in a round's scoring.</summary>
/// <param name="Index">The participant's place in reveal order, from 0: what its claim is keyed by.</param>
/// <param name="Update">The update; null where its bytes were missing or refused.</param>
/// <param name="Problem">Why there is no update; null where there is one.</param>
public sealed record Submission(int Index, ModelUpdate? Update, string? Problem = null);
