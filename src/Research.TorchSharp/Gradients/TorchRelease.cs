using Research.Privacy.Mechanisms;
using Research.Privacy.Sums;

namespace Research.TorchSharp.Gradients;

/// <summary>What makes a step's sum of gradients private: who joins, within which bound, under which noise.</summary>
/// <remarks>
/// The engine's <see cref="PrivateSum"/> with the plan. There is one in use, this one; tests derive from it to break
/// one part at a time, and see that an audit finds out.
/// </remarks>
internal class TorchRelease
{
    private readonly PrivatePlan _plan;

    /// <summary>Creates the release of one run.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="random">Where sampling and noise take their streams from.</param>
    /// <param name="weights">Length of the sums.</param>
    public TorchRelease(PrivatePlan plan, RandomSource random, int weights)
    {
        _plan = plan;
        Sum = new PrivateSum([plan.Event], plan.ClipNorm, weights, random);
    }

    /// <summary>Gets the sum, its positions and its receipt.</summary>
    public PrivateSum Sum { get; }

    /// <summary>Gets how each gradient is bounded.</summary>
    public virtual Training.Clipping Clipping => new(_plan.Clipping, _plan.ClipNorm, Sum.Grid);

    /// <summary>Gets whether a layer's part counts in the norm of the whole.</summary>
    public virtual bool Counts(int layer) => true;

    /// <summary>Chooses who joins the step, ascending.</summary>
    public void Sample(int count, List<int> chosen) => Sum.Sample(count, _plan.SampleRate, chosen);

    /// <summary>Adds noise to the sum.</summary>
    public virtual void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy) => Sum.AddNoise(sums, noisy, 0);
}
