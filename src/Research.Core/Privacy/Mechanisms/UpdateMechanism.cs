using System.Numerics;
using Research.Privacy.Accounting;
using Research.Privacy.Clipping;

namespace Research.Privacy.Mechanisms;

/// <summary>
/// Releases a whole model update as whole numbers with discrete Gaussian noise: protection of a user, not of a record.
/// </summary>
/// <remarks>
/// The update is clipped to norm C, divided by a step g, a power of two, and rounded to whole numbers: its norm is then
/// at most Δ = C/g + √d/2 for d coordinates (Minkowski). Each coordinate gets discrete Gaussian noise of parameter
/// σ ≥ z·Δ, exactly drawn, which is 1/2z²-concentrated: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, section
/// 2, with a proof in Privacy/PROOFS.md. Neighbours: a sum of updates with this one or without, where without is a
/// vector of zeros. Whoever wants the update hidden among all possible ones accounts for half the multiplier.
/// </remarks>
/// <param name="ClipNorm">C, the largest L2 norm of an update; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
/// <param name="NoiseMultiplier">z, the noise's parameter σ over the norm Δ; in [2⁻²⁰, 2²⁰].</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record UpdateMechanism(double ClipNorm, double NoiseMultiplier)
{
    private const int GridBits = 20;
    private const double LargestMultiplier = 1048576; // 2²⁰

    /// <summary>Gets the largest norm of an update.</summary>
    public double ClipNorm { get; } = MechanismParameter.Scale(ClipNorm);

    /// <summary>Gets the noise's parameter over the norm of the rounded update.</summary>
    public double NoiseMultiplier { get; } = NoiseMultiplier is >= 1 / LargestMultiplier and <= LargestMultiplier
        ? NoiseMultiplier
        : throw new ArgumentOutOfRangeException(
            "noiseMultiplier", NoiseMultiplier, "Expected a number in [2^-20, 2^20].");

    /// <summary>Gets the value of one unit: a power of two, at most 2⁻²⁰ of the clip norm.</summary>
    public double Step => Math.ScaleB(1, Math.ILogB(ClipNorm) - GridBits);

    /// <summary>Gets what one release costs.</summary>
    public PrivacyEvent Event => new ConcentratedEvent(
        Math.BitIncrement(0.5 / Math.BitDecrement(NoiseMultiplier * NoiseMultiplier)), 1);

    /// <summary>Gets a release, in units of <see cref="Step"/>.</summary>
    /// <param name="update">The update, of any norm and length; clipped, and zero if a number is not finite.</param>
    /// <param name="random">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public long[] Release(ReadOnlySpan<float> update, RandomSource random)
    {
        float[] clipped = update.ToArray();
        L2Clipping.Apply(clipped, ClipNorm);
        IntegerNoise noise = new(random);
        Rational variance = Variance(clipped.Length);
        long[] released = new long[clipped.Length];
        for (int i = 0; i < clipped.Length; i++)
        {
            // Exact: a float over a power of two, at most 2²¹ in size. The noise passes 2⁶² with probability e^(−2³⁰).
            long steps = (long)Math.Round(clipped[i] / Step);
            released[i] = checked(steps + (long)noise.DiscreteGaussian(variance));
        }

        Array.Clear(clipped);
        return released;
    }

    /// <summary>Gets σ² ≥ z²·(C/g + √d/2)², rounded up to a whole number.</summary>
    /// <param name="count">Number d of coordinates.</param>
    internal Rational Variance(int count)
    {
        // (x + √d/2)² = x² + x·√d + d/4 ≤ x² + ⌈x⌉·⌈√d·2¹⁶⌉/2¹⁶ + d/4, in exact numbers for x = C/g below 2²¹.
        double norm = ClipNorm / Step;
        Rational x = Rational.Of(norm);
        BigInteger root = new(Math.Ceiling(Math.Sqrt(count) * 65536) + 1);
        BigInteger cross = (((BigInteger)Math.Ceiling(norm) * root) >> 16) + 1;
        BigInteger square = (x * x).Ceiling() + cross + (count / 4) + 1;
        Rational z = Rational.Of(NoiseMultiplier);
        return new Rational((z * z * new Rational(square, BigInteger.One)).Ceiling(), BigInteger.One);
    }
}
