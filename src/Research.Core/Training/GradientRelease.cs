using Research.Privacy.Mechanisms;
using Research.Privacy.Sampling;

namespace Research.Training;

/// <summary>What makes a step's sum of gradients private: who joins, within which bound, under which noise.</summary>
/// <remarks>
/// Algorithm 1 of Abadi et al. 2016, arXiv:1607.00133v2. There is one in use, this one; tests derive from it to break
/// one part at a time, and see that the audit finds out.
/// </remarks>
internal class GradientRelease
{
    private readonly PrivacySection _privacy;
    private readonly int _weights;
    private readonly PoissonSampler _sampler;
    private readonly GaussianNoise _noise;
    private readonly NoiseGrid _grid; // The rounding of that many weights is inside the sensitivity.

    /// <summary>Creates the release of one run.</summary>
    /// <param name="spec">The specification, with privacy.</param>
    /// <param name="random">Where sampling and noise take their streams from.</param>
    /// <param name="weights">Length of the sums.</param>
    public GradientRelease(ModelSpec spec, RandomSource random, int weights)
    {
        Spec = spec;
        _weights = weights;
        _privacy = spec.Privacy!;
        IsCryptographic = random.IsCryptographic;
        _sampler = new PoissonSampler(random);
        _noise = new GaussianNoise(random);
        _grid = GaussianNoise.Grid(_privacy.NoiseMultiplier * _privacy.ClipNorm, _privacy.ClipNorm, weights);
    }

    /// <summary>Gets whether sampling and noise are secret.</summary>
    public bool IsCryptographic { get; }

    /// <summary>Gets or sets the state of seeded sampling.</summary>
    public ulong SamplerPosition
    {
        get => _sampler.Position;
        set => _sampler.Position = value;
    }

    /// <summary>Gets or sets the state of seeded noise.</summary>
    public ulong NoisePosition
    {
        get => _noise.Position;
        set => _noise.Position = value;
    }

    /// <summary>Gets how each gradient is bounded.</summary>
    public virtual Clipping Clipping => new(_privacy.Clipping, _privacy.ClipNorm);

    /// <summary>Gets the specification.</summary>
    protected ModelSpec Spec { get; }

    /// <summary>Chooses who joins the step, ascending.</summary>
    public virtual void Sample(int count, List<int> chosen) => _sampler.Sample(count, _privacy.SampleRate, chosen);

    /// <summary>Adds noise to the part of the sum that begins at an offset; parts at the same time.</summary>
    public virtual void AddNoise(Span<float> part, int offset) => _noise.AddPart(part, offset, _grid);

    /// <summary>Moves on to the next step's noise.</summary>
    public virtual void Advance() => _noise.Advance(_weights);

    /// <summary>Gets what the noisy sum is multiplied by: the public batch size alone decides.</summary>
    /// <param name="joined">How many joined the step: not public, so not used.</param>
    public virtual float Scale(int joined) => 1f / Spec.Training.BatchSize;
}
