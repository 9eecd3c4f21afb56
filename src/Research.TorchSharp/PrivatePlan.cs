using Research.Privacy.Accounting;
using Research.Privacy.Clipping;
using Research.Privacy.Sums;
using Research.Training;

namespace Research.TorchSharp;

/// <summary>What a private training does, and so what it costs: fixed before the first record is read.</summary>
/// <remarks>
/// DP-SGD, Algorithm 1 of Abadi et al. 2016, arXiv:1607.00133v2, with Poisson sampling. Neighbouring relation: add or
/// remove one record. ε in nats.
/// </remarks>
public sealed record PrivatePlan
{
    /// <summary>Gets the rate q at which each record joins a step, by a coin of its own, in (0, 1].</summary>
    public required double SampleRate { get; init; }

    /// <summary>Gets the number of steps, 1 or more.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// Gets the public number by which the noisy sum of gradients is divided, 1 or more: what a batch is expected to
    /// hold. It must not be computed from the number of records, which is not public.
    /// </summary>
    public required int BatchSize { get; init; }

    /// <summary>Gets σ, the noise's standard deviation over <see cref="ClipNorm"/>, in [2⁻²⁰, 2¹⁴].</summary>
    public required double NoiseMultiplier { get; init; }

    /// <summary>Gets C, the largest L2 norm of what one example adds, over all parameters; in [2⁻¹⁰⁰, 2¹⁰⁰].</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Gets δ in (0, 1), well below 1/records.</summary>
    public double Delta { get; init; } = 1e-5;

    /// <summary>Gets how gradients are held within the clip norm.</summary>
    public ClippingMode Clipping { get; init; } = ClippingMode.Flat;

    /// <summary>Gets what a ledger charges.</summary>
    public GaussianEvent Event => new(SampleRate, NoiseMultiplier, Steps);

    /// <summary>Gets ε of the whole plan at <see cref="Delta"/>: an upper bound, by the exact accountant.</summary>
    public double Epsilon
    {
        get
        {
            ExactAccountant accountant = new();
            accountant.Compose(Event);
            return accountant.Epsilon(Delta);
        }
    }

    /// <summary>Makes a plan that costs at most a target ε, with the least noise that is enough.</summary>
    /// <param name="epsilon">The target, above 0.</param>
    /// <param name="sampleRate">q in (0, 1].</param>
    /// <param name="steps">Steps, 1 or more.</param>
    /// <param name="batchSize">The public number that sums are divided by, 1 or more.</param>
    /// <param name="clipNorm">C.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no noise is enough.</exception>
    public static PrivatePlan ForEpsilon(
        double epsilon, double sampleRate, int steps, int batchSize, double clipNorm = 1, double delta = 1e-5) => new()
        {
            SampleRate = sampleRate,
            Steps = steps,
            BatchSize = batchSize,
            NoiseMultiplier = Calibration.NoiseMultiplier(epsilon, delta, sampleRate, steps),
            ClipNorm = clipNorm,
            Delta = delta,
        };

    /// <summary>Takes the plan of a specification.</summary>
    /// <param name="spec">The specification, with privacy.</param>
    /// <exception cref="ArgumentException">It has no privacy, or asks for what no module here does.</exception>
    public static PrivatePlan Of(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        if (spec.Privacy is not { } privacy)
        {
            throw new ArgumentException("Expected a specification with $.privacy; got none.", nameof(spec));
        }

        return new PrivatePlan
        {
            SampleRate = privacy.SampleRate,
            Steps = spec.Training.Steps,
            BatchSize = spec.Training.BatchSize,
            NoiseMultiplier = privacy.NoiseMultiplier,
            ClipNorm = privacy.ClipNorm,
            Delta = privacy.Delta,
            Clipping = privacy.Clipping,
        };
    }

    /// <summary>Throws unless every value lies in its range.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        if (SampleRate is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(SampleRate), SampleRate, "Expected a rate in (0, 1].");
        }

        if (Delta is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Delta), Delta, "Expected δ in (0, 1).");
        }

        L2Clipping.CheckBound(ClipNorm);
        _ = new SumGrid(NoiseMultiplier, ClipNorm);
        _ = Event;
        if (!Enum.IsDefined(Clipping))
        {
            throw new ArgumentOutOfRangeException(nameof(Clipping), Clipping, "Expected a clipping mode.");
        }
    }
}
