namespace Research.Privacy.Accounting;

/// <summary>Finds the noise that a target ε asks for.</summary>
public static class Calibration
{
    private const double LeastNoise = 0.05;
    private const double LargestNoise = 1e6;
    private const double RelativePrecision = 1e-6;

    /// <summary>Gets a noise multiplier with which a plan stays within <paramref name="targetEpsilon"/>.</summary>
    /// <remarks>
    /// By bisection on <see cref="RdpAccountant"/>; within a relative 1e-6 of the smallest that it accepts.
    /// </remarks>
    /// <param name="targetEpsilon">ε, above 0, finite.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="sampleRate">q in (0, 1].</param>
    /// <param name="steps">Number of steps, 1 or more.</param>
    /// <returns>σ in [0.05, 10⁶], whose ε is at most the target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no σ up
    /// to 10⁶ is enough.</exception>
    public static double NoiseMultiplier(double targetEpsilon, double delta, double sampleRate, int steps)
    {
        if (!(targetEpsilon > 0 && double.IsFinite(targetEpsilon)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(targetEpsilon), targetEpsilon, "Expected a finite target above 0.");
        }

        RenyiConversion.Check(delta);
        if (sampleRate is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Expected a sample rate in (0, 1].");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return Smallest(
            noise => Epsilon(new GaussianEvent(sampleRate, noise, steps), delta) <= targetEpsilon, targetEpsilon);
    }

    /// <summary>Gets the smallest noise multiplier that is enough, by bisection from above.</summary>
    /// <param name="isEnough">Whether a noise multiplier is enough; if one is, all above are.</param>
    /// <param name="targetEpsilon">What to blame where none is.</param>
    internal static double Smallest(Func<double, bool> isEnough, double targetEpsilon)
    {
        double tooLittle = LeastNoise;
        if (isEnough(tooLittle))
        {
            return tooLittle;
        }

        double enough = 1;
        while (!isEnough(enough))
        {
            tooLittle = enough;
            enough = enough < LargestNoise
                ? Math.Min(enough * 4, LargestNoise)
                : throw new ArgumentOutOfRangeException(
                    nameof(targetEpsilon), targetEpsilon, "No noise multiplier up to 10^6 is enough at this delta.");
        }

        while (enough - tooLittle > RelativePrecision * enough)
        {
            double middle = tooLittle + ((enough - tooLittle) / 2);
            (tooLittle, enough) = isEnough(middle) ? (tooLittle, middle) : (middle, enough);
        }

        return enough;
    }

    private static double Epsilon(PrivacyEvent e, double delta)
    {
        RdpAccountant accountant = new();
        accountant.Compose(e);
        return accountant.Epsilon(delta);
    }
}
