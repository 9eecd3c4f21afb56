namespace Research.Privacy.Accounting;

/// <summary>
/// A plan of <see cref="Steps"/> releases, each a Gaussian mechanism on a Poisson sample of the records.
/// </summary>
/// <remarks>Neighbours: add or remove one record.</remarks>
/// <param name="SampleRate">Probability with which each record joins a step, independently; in [0, 1].</param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over the L2 sensitivity (clip
/// norm); finite, above 0.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public readonly record struct PrivacyEvent(double SampleRate, double NoiseMultiplier, int Steps)
{
    /// <summary>Gets the probability with which each record joins a step; in [0, 1].</summary>
    public double SampleRate { get; init => field = CheckSampleRate(value); } = CheckSampleRate(SampleRate);

    /// <summary>Gets the standard deviation of the noise over the L2 sensitivity; finite, above 0.</summary>
    public double NoiseMultiplier { get; init => field = CheckNoise(value); } = CheckNoise(NoiseMultiplier);

    /// <summary>Gets the number of releases; 0 or more.</summary>
    public int Steps { get; init => field = CheckSteps(value); } = CheckSteps(Steps);

    /// <summary>Gets whether nothing about any record is released: no step, or no record ever sampled.</summary>
    internal bool IsFree => Steps == 0 || SampleRate == 0;

    private static double CheckSampleRate(double sampleRate) => sampleRate is >= 0 and <= 1
        ? sampleRate
        : throw new ArgumentOutOfRangeException(
            nameof(sampleRate), sampleRate, "Expected a sample rate in [0, 1].");

    private static double CheckNoise(double noiseMultiplier) => noiseMultiplier > 0 && double.IsFinite(noiseMultiplier)
        ? noiseMultiplier
        : throw new ArgumentOutOfRangeException(
            nameof(noiseMultiplier), noiseMultiplier, "Expected a finite noise multiplier above 0.");

    private static int CheckSteps(int steps) => steps >= 0
        ? steps
        : throw new ArgumentOutOfRangeException(nameof(steps), steps, "Expected 0 or more steps.");
}
