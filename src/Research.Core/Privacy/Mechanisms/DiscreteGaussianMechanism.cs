using System.Numerics;
using Research.Privacy.Accounting;

namespace Research.Privacy.Mechanisms;

/// <summary>Releases a whole number of sensitivity 1, such as a count, with discrete Gaussian noise.</summary>
/// <remarks>Exact: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Definition 1 and Theorem 7.</remarks>
/// <param name="Sigma">Parameter σ; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
/// <exception cref="ArgumentOutOfRangeException">σ lies outside its range.</exception>
public sealed record DiscreteGaussianMechanism(double Sigma)
{
    /// <summary>Gets the parameter σ.</summary>
    public double Sigma { get; } = MechanismParameter.Scale(Sigma);

    /// <summary>Gets what one release costs.</summary>
    public PrivacyEvent Event => new DiscreteGaussianEvent(Sigma, 1);

    /// <summary>Gets a release.</summary>
    /// <param name="value">Neighbouring data sets' values differ by at most 1.</param>
    /// <param name="random">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public BigInteger Release(BigInteger value, RandomSource random)
    {
        Rational sigma = Rational.Of(Sigma);
        return value + new IntegerNoise(random).DiscreteGaussian(sigma * sigma);
    }
}
