using Research.Federation.Aggregation;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>The whole result of scoring a round: everyone who repeats it gets the same bits.</summary>
/// <param name="Participants">A score for each submission, by index.</param>
/// <param name="NextModel">The round's model: the mean of the updates that earned points.</param>
/// <param name="LossBefore">Mean held-out loss of the model that the round started from, in nats.</param>
/// <param name="LossAfter">Mean held-out loss of <paramref name="NextModel"/>, in nats.</param>
/// <param name="AccuracyAfter">Held-out accuracy of <paramref name="NextModel"/>, 0 to 1.</param>
/// <param name="Trace">Every value that went into the scores, as JSON.</param>
public sealed record RoundScore(
    IReadOnlyList<ParticipantScore> Participants,
    GlobalModel NextModel,
    double LossBefore,
    double LossAfter,
    double AccuracyAfter,
    ReadOnlyMemory<byte> Trace)
{
    /// <summary>Gets the SHA-256 of <see cref="Trace"/>: what is posted on chain as the trace root.</summary>
    public ContentHash TraceHash { get; } = ContentHash.Of(Trace.Span);
}
