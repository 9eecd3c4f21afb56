namespace Research.Privacy.Accounting;

/// <summary>DP-SGD with noise correlated over up to b steps (BandMF), its batches sampled from b parts in
/// turn.</summary>
/// <remarks>
/// Neighbours: add or remove one record. The records are divided into b parts, each to a part that does not depend on
/// the others; step i takes a Poisson sample of part i mod b. With a lower-triangular strategy matrix of b bands and
/// columns of norm at most 1, a record's steps touch separate blocks of b rows, each a Gaussian mechanism of
/// sensitivity 1 on a sample of its part: ⌈steps/b⌉ in all, at the rate within a part. Choquette-Choo et al. 2023,
/// arXiv:2306.08153v2, Theorem 4 (with an expected batch of B out of n records, that rate is b·B/n).
/// </remarks>
/// <param name="Bands">b; 1 or more. 1 is DP-SGD itself.</param>
/// <param name="PartSampleRate">Probability with which each record of the part in turn is sampled; in [0, 1].</param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over clip norm times largest column norm; finite,
/// above 0.</param>
/// <param name="Steps">Number of steps; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record BandedMatrixMechanism(int Bands, double PartSampleRate, double NoiseMultiplier, int Steps)
{
    /// <summary>Gets the number of bands; 1 or more.</summary>
    public int Bands { get; } = Parameter.AtLeast(Bands, 1, nameof(Bands));

    /// <summary>Gets the probability with which each record of the part in turn is sampled.</summary>
    public double PartSampleRate { get; } = PartSampleRate is >= 0 and <= 1
        ? PartSampleRate
        : throw new ArgumentOutOfRangeException(
            "partSampleRate", PartSampleRate, "Expected a rate in [0, 1]: bands times batch over records.");

    /// <summary>Gets the standard deviation of the noise over clip norm times largest column norm.</summary>
    public double NoiseMultiplier { get; } = Parameter.Positive(NoiseMultiplier, nameof(NoiseMultiplier));

    /// <summary>Gets the number of steps; 0 or more.</summary>
    public int Steps { get; } = Parameter.AtLeast(Steps, 0, nameof(Steps));

    /// <summary>Gets the plan to which this reduces.</summary>
    public GaussianEvent Event => new(PartSampleRate, NoiseMultiplier, (int)(((long)Steps + Bands - 1) / Bands));
}
