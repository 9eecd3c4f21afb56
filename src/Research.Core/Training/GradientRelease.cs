using Research.Privacy.Mechanisms;
using Research.Privacy.Sums;

namespace Research.Training;

/// <summary>What makes a step's sum of gradients private: who joins, within which bound, under which noise.</summary>
/// <remarks>
/// A <see cref="PrivateSum"/> with the specification's plan. There is one in use, this one; tests derive from it to
/// break one part at a time, and see that the audit finds out.
/// </remarks>
internal class GradientRelease
{
    private readonly PrivacySection _privacy;

    /// <summary>Creates the release of one run.</summary>
    /// <param name="spec">The specification, with privacy.</param>
    /// <param name="random">Where sampling and noise take their streams from.</param>
    /// <param name="weights">Length of the sums.</param>
    public GradientRelease(ModelSpec spec, RandomSource random, int weights)
    {
        Spec = spec;
        _privacy = spec.Privacy!;
        Sum = new PrivateSum([.. spec.PrivacyEvents], _privacy.ClipNorm, weights, random);
    }

    /// <summary>Gets the sum, its positions and its receipt.</summary>
    public PrivateSum Sum { get; }

    /// <summary>Gets how each gradient is bounded.</summary>
    public virtual Clipping Clipping => new(_privacy.Clipping, _privacy.ClipNorm, Sum.Grid);

    /// <summary>Gets the specification.</summary>
    protected ModelSpec Spec { get; }

    /// <summary>Chooses who joins the step, ascending.</summary>
    public virtual void Sample(int count, List<int> chosen) => Sum.Sample(count, _privacy.SampleRate, chosen);

    /// <summary>Adds noise to the part of the sum that begins at an offset; parts at the same time.</summary>
    public virtual void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy, int offset) =>
        Sum.AddNoise(sums, noisy, offset);

    /// <summary>Moves on to the next step's noise.</summary>
    public virtual void Advance() => Sum.AdvanceNoise();

    /// <summary>Gets what the noisy sum is multiplied by: the public batch size alone decides.</summary>
    /// <param name="joined">How many joined the step: not public, so not used.</param>
    public virtual float Scale(int joined) => 1f / Spec.Training.BatchSize;
}
