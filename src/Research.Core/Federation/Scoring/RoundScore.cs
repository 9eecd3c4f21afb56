using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Federation.Trace;

namespace Research.Federation.Scoring;

/// <summary>The whole result of scoring a round: everyone who repeats it gets the same bits.</summary>
/// <param name="Participants">A score for each submission, by index.</param>
/// <param name="NextModel">What the aggregation rule makes of the updates that earned points.</param>
/// <param name="Direction">r: where the round's records would move the model, [P], of a length near 2ᵏ.</param>
/// <param name="Trace">Every output of every step.</param>
public sealed record RoundScore(
    IReadOnlyList<ParticipantScore> Participants,
    GlobalModel NextModel,
    ReadOnlyMemory<short> Direction,
    RoundTrace Trace)
{
    /// <summary>Gets the signal up to which nothing is earned, in standard deviations of an honest update's noise.</summary>
    public double Unpaid { get; init; }

    /// <summary>Gets the signal from which a full share is earned, in the same unit; 0 where nobody can earn.</summary>
    public double Cap { get; init; }

    /// <summary>Gets how many standard deviations of its noise an honest owner's signal is on average: below the
    /// specification's significance, most of them go unpaid.</summary>
    public double ExpectedZ { get; init; }

    /// <summary>Gets the length that an update counts with at most, in units of the fixed point: the longest reference
    /// run's.</summary>
    public double MostLength { get; init; }

    /// <summary>Gets how many records scored.</summary>
    public int Records { get; init; }

    /// <summary>Gets the mean held-out loss of the model that the round started from, in nats.</summary>
    public double LossBefore { get; init; }

    /// <summary>Gets the mean held-out loss of <see cref="NextModel"/>, in nats.</summary>
    public double LossAfter { get; init; }

    /// <summary>Gets the held-out accuracy of the model that the round started from, 0 to 1.</summary>
    public double AccuracyBefore { get; init; }

    /// <summary>Gets the held-out accuracy of <see cref="NextModel"/>, 0 to 1.</summary>
    public double AccuracyAfter { get; init; }

    /// <summary>Gets how many of the records <see cref="NextModel"/> predicts right.</summary>
    public int RightAfter { get; init; }

    /// <summary>Gets the root of the direction in which the round moved the model.</summary>
    public TreeHash DirectionRoot { get; init; }

    /// <summary>Gets the next model's root: what a claim says of it.</summary>
    public TreeHash ModelRoot => ModelRoots.Of(NextModel, DirectionRoot);

    /// <summary>Gets the root of the trace: what a claim says of it.</summary>
    public TreeHash TraceRoot => Trace.Root;
}
