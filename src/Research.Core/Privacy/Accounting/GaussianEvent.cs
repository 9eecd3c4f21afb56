namespace Research.Privacy.Accounting;

/// <summary>Gaussian mechanisms, each on a Poisson sample of the records: the steps of DP-SGD.</summary>
/// <param name="SampleRate">Probability q with which each record joins a step, independently; in [0, 1].</param>
/// <param name="NoiseMultiplier">Standard deviation σ of the noise over the L2 sensitivity (clip norm); finite, above
/// 0.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record GaussianEvent(double SampleRate, double NoiseMultiplier, int Steps) : PrivacyEvent(Steps)
{
    /// <summary>Gets the probability with which each record joins a step; in [0, 1].</summary>
    public double SampleRate { get; init => field = Rate(value); } = Rate(SampleRate);

    /// <summary>Gets the standard deviation of the noise over the L2 sensitivity; finite, above 0.</summary>
    public double NoiseMultiplier
    {
        get;
        init => field = Positive(value, nameof(NoiseMultiplier));
    } = Positive(NoiseMultiplier, nameof(NoiseMultiplier));

    /// <inheritdoc/>
    internal override bool IsFree => Steps == 0 || SampleRate == 0;

    private static double Rate(double sampleRate) => sampleRate is >= 0 and <= 1
        ? sampleRate
        : throw new ArgumentOutOfRangeException(
            nameof(sampleRate), sampleRate, "Expected a sample rate in [0, 1].");
}
