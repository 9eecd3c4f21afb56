using System.Numerics;
using Research.Privacy.Accounting;

namespace Research.Privacy.Mechanisms;

/// <summary>Releases a number with Laplace noise.</summary>
/// <remarks>
/// The number is rounded to a grid of 2⁻⁴⁰ of the sensitivity's power of two, and gets the centre of the grid's cell
/// into which a Laplace number falls: a sign and m + ½ with P(m) ∝ exp(−m/b) for a scale of b steps, drawn exactly by
/// <see cref="IntegerNoise"/>. So the result is post-processing of the continuous Laplace mechanism on whole numbers,
/// whose sensitivity is that of the rounded numbers, ceil(sensitivity/step) + 1 steps; the scale is a multiple of it.
/// Numbers beyond 2⁶⁰ steps are cut there.
/// </remarks>
/// <param name="Sensitivity">Largest distance between the numbers of neighbouring data sets; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
/// <param name="Scale">Scale of the noise over the sensitivity, 1/ε; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record LaplaceMechanism(double Sensitivity, double Scale)
{
    private const int GridBits = 40;
    private const double LargestSteps = 1152921504606846976; // 2⁶⁰

    /// <summary>Gets the sensitivity.</summary>
    public double Sensitivity { get; } = MechanismParameter.Scale(Sensitivity);

    /// <summary>Gets the scale of the noise over the sensitivity.</summary>
    public double Scale { get; } = MechanismParameter.Scale(Scale);

    /// <summary>Gets what one release costs.</summary>
    public PrivacyEvent Event => new LaplaceEvent(Scale, 1);

    /// <summary>Gets the grid's spacing, a power of two: products with it and its inverse are exact.</summary>
    public double Step => Math.ScaleB(1, Math.ILogB(Sensitivity) - GridBits);

    /// <summary>Gets a release.</summary>
    /// <param name="value">Finite; the stated sensitivity is true of it.</param>
    /// <param name="random">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    /// <returns>The float nearest to a whole number and a half of steps.</returns>
    /// <exception cref="ArgumentException"><paramref name="value"/> is NaN or infinite.</exception>
    public double Release(double value, RandomSource random)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"Expected a finite number; got {value}.", nameof(value));
        }

        IntegerNoise noise = new(random);
        BigInteger steps = new(Math.Round(Math.Clamp(value / Step, -LargestSteps, LargestSteps)));
        BigInteger sensitivity = new BigInteger(Math.Ceiling(Sensitivity / Step)) + 1;
        BigInteger magnitude = noise.Geometric(Rational.Of(Scale) * new Rational(sensitivity, BigInteger.One));
        BigInteger halves = (2 * magnitude) + 1;
        halves = noise.Uniform(2).IsZero ? halves : -halves;
        return (double)((2 * steps) + halves) * (Step / 2);
    }
}
