using Research.Privacy.Mechanisms;

namespace Research.Privacy.Sums;

/// <summary>The lattice on which clipped gradients are summed: its steps are whole numbers of the noise's steps.</summary>
/// <remarks>
/// Each example adds whole numbers of grid steps whose exact L2 norm is at most <see cref="Bound"/>, so the sum is exact
/// and one record moves it by at most C = Bound steps. The noise's deviation is 2²⁴ noise steps, and a grid step is
/// <see cref="NoiseSteps"/> = 2ᵏ of these, so that deviation over sensitivity is 2²⁴/(Bound·2ᵏ): at least the noise
/// multiplier, and above it by less than a part in Bound. Nothing is rounded between the sum and the noise.
/// Proof: Privacy/PROOFS.md, "Sums of integers".
/// </remarks>
internal readonly record struct SumGrid
{
    /// <summary>The most steps in C: 512 terms of such a size do not overflow 32 bits.</summary>
    public const int LargestBound = (1 << 22) - 1;

    /// <summary>The most terms of at most <see cref="Bound"/> steps that a 32-bit sum holds.</summary>
    public const int MostTerms = int.MaxValue / LargestBound;

    /// <summary>The largest noise multiplier: beyond it C would have too few steps for a gradient to show.</summary>
    public const double LargestMultiplier = 1 << 14;

    /// <summary>The least noise multiplier: below it no bound on ε means anything.</summary>
    public const double LeastMultiplier = 1.0 / (1 << 20);

    private const double Below = 1 - 8.881784197001252e-16; // 1 − 2⁻⁵⁰: more than the three roundings here add.

    /// <summary>Makes the grid for a clip norm and its noise.</summary>
    /// <param name="noiseMultiplier">The noise's deviation over the clip norm, in [2⁻²⁰, 2¹⁴].</param>
    /// <param name="clipNorm">C, in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <param name="largestBound">The most steps in C; more for sums of 64 bits, where terms times it stay below 2⁵³.
    /// </param>
    public SumGrid(double noiseMultiplier, double clipNorm, int largestBound = LargestBound)
    {
        if (noiseMultiplier is not (>= LeastMultiplier and <= LargestMultiplier))
        {
            throw new ArgumentOutOfRangeException(
                nameof(noiseMultiplier), noiseMultiplier, "Expected a noise multiplier in [2^-20, 2^14].");
        }

        double bound = GaussianZiggurat.Deviation / noiseMultiplier * Below;
        NoiseSteps = 1;
        while (bound > largestBound)
        {
            bound /= 2;
            NoiseSteps *= 2;
        }

        Bound = (int)bound;
        StepsPerUnit = Bound / clipNorm * Below;
        NoiseStep = clipNorm / ((double)Bound * NoiseSteps);
    }

    /// <summary>Gets C in grid steps, from 1,023 to the most.</summary>
    public int Bound { get; }

    /// <summary>Gets the noise steps in a grid step, a power of two.</summary>
    public long NoiseSteps { get; }

    /// <summary>Gets Bound/C, rounded down: multiplied by it, a vector of norm C has a norm of at most Bound.</summary>
    public double StepsPerUnit { get; }

    /// <summary>Gets the noise's step, rounded: it takes part only when noise has been added.</summary>
    public double NoiseStep { get; }
}
