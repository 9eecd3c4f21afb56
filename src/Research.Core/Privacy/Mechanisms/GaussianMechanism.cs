using Research.Privacy.Accounting;

namespace Research.Privacy.Mechanisms;

/// <summary>Releases a vector with Gaussian noise.</summary>
/// <remarks>See <see cref="GaussianNoise"/>: the rounding of values is inside the stated multiplier.</remarks>
/// <param name="Sensitivity">Largest L2 distance between the vectors of neighbouring data sets; in [2⁻¹⁰⁰, 2¹⁰⁰].
/// </param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over the sensitivity; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record GaussianMechanism(double Sensitivity, double NoiseMultiplier)
{
    /// <summary>Gets the L2 sensitivity.</summary>
    public double Sensitivity { get; } = MechanismParameter.Scale(Sensitivity);

    /// <summary>Gets the standard deviation of the noise over the sensitivity.</summary>
    public double NoiseMultiplier { get; } = MechanismParameter.Scale(NoiseMultiplier);

    /// <summary>Gets what one release costs.</summary>
    public PrivacyEvent Event => new GaussianEvent(1, NoiseMultiplier, 1);

    /// <summary>Overwrites a vector with its release.</summary>
    /// <param name="values">Finite numbers, of which the stated sensitivity is true.</param>
    /// <param name="random">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite. Nothing was changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Deviation or length are too large for the grid.</exception>
    public void Release(Span<float> values, RandomSource random) =>
        new GaussianNoise(random).Add(values, NoiseMultiplier * Sensitivity, Sensitivity);
}
