using Research.Federation.Scoring;

namespace Research.Federation.Adversaries;

/// <summary>A round as a rule paid it.</summary>
/// <param name="Participants">A score for each account, in the order in which they were given.</param>
/// <param name="ExpectedZ">How many standard deviations of its noise an honest owner's signal is on average.</param>
/// <param name="Accuracy">Held-out accuracy of the round's model, 0 to 1.</param>
internal sealed record RuledRound(IReadOnlyList<ParticipantScore> Participants, double ExpectedZ, double Accuracy)
{
    /// <summary>Pays by the rule that is built: <see cref="RoundScorer"/>.</summary>
    public static RuledRound ByRoundScorer(AttackScene scene, IReadOnlyList<int[]> deltas)
    {
        RoundScore score = scene.Score(deltas);
        return new RuledRound(score.Participants, score.ExpectedZ, score.AccuracyAfter);
    }
}
