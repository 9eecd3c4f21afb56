using System.Numerics;
using Research.Federation.Aggregation;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>The whole result of scoring a round: everyone who repeats it gets the same bits.</summary>
/// <param name="Participants">A score for each submission, by index.</param>
/// <param name="NextModel">What the aggregation rule makes of the updates that earned points.</param>
/// <param name="Direction">r: where the round's records would move each weight, [P] in units.</param>
/// <param name="Unpaid">The signal, the scalar product with r, up to which nothing is earned.</param>
/// <param name="Cap">The signal from which a full share is earned; zero where nobody can earn.</param>
/// <param name="ExpectedZ">How many standard deviations of its noise an honest owner's signal is on average: below the
/// specification's significance, most of them go unpaid.</param>
/// <param name="LossBefore">Mean held-out loss of the model that the round started from, in nats.</param>
/// <param name="LossAfter">Mean held-out loss of <paramref name="NextModel"/>, in nats.</param>
/// <param name="AccuracyAfter">Held-out accuracy of <paramref name="NextModel"/>, 0 to 1.</param>
/// <param name="Trace">Every value that went into the scores, as JSON.</param>
public sealed record RoundScore(
    IReadOnlyList<ParticipantScore> Participants,
    GlobalModel NextModel,
    ReadOnlyMemory<int> Direction,
    BigInteger Unpaid,
    BigInteger Cap,
    double ExpectedZ,
    double LossBefore,
    double LossAfter,
    double AccuracyAfter,
    ReadOnlyMemory<byte> Trace)
{
    /// <summary>Gets the SHA-256 of <see cref="Trace"/>: what is posted on chain as the trace root.</summary>
    public ContentHash TraceHash { get; } = ContentHash.Of(Trace.Span);
}
