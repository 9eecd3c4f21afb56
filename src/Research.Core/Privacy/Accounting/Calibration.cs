using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Finds the noise that a target ε asks for.</summary>
public static class Calibration
{
    private const double LeastNoise = 0.05;
    private const double LargestNoise = 1e6;
    private const double RelativePrecision = 4e-7;
    private const double PerQuestion = 1e5; // What no budget counts.
    private const double Work = 6e8; // Operations of a whole search: see WorkBudget.

    /// <summary>Gets a noise multiplier with which a plan stays within <paramref name="targetEpsilon"/>.</summary>
    /// <remarks>
    /// By <see cref="ExactAccountant"/>; within a relative 1e-6 of the smallest that is enough. Where every question takes
    /// long, fewer are asked, and the noise is enough but may be more than that.
    /// </remarks>
    /// <param name="targetEpsilon">ε, above 0, finite.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="sampleRate">q in (0, 1].</param>
    /// <param name="steps">Number of steps, 1 or more.</param>
    /// <param name="cancellationToken">Stops the search, which takes some tenths of a second at most.</param>
    /// <returns>σ in [0.05, 10⁶], whose ε is at most the target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no σ up
    /// to 10⁶ is enough.</exception>
    public static double NoiseMultiplier(
        double targetEpsilon,
        double delta,
        double sampleRate,
        int steps,
        CancellationToken cancellationToken = default)
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
        WorkBudget budget = new(Work, cancellationToken);
        return Smallest(
            noise => Epsilon(new GaussianEvent(sampleRate, noise, steps), delta, budget), targetEpsilon, budget);
    }

    /// <summary>Gets the smallest noise multiplier that is enough, within a relative 4e-7 and never below.</summary>
    /// <param name="epsilonAt">ε at a noise multiplier; falls as the noise grows.</param>
    /// <param name="targetEpsilon">What ε may be.</param>
    /// <param name="budget">Once it is spent, the least noise that was found to be enough is taken.</param>
    internal static double Smallest(Func<double, double> epsilonAt, double targetEpsilon, WorkBudget budget)
    {
        double high = 1;
        double below = Excess(high);
        double low = high;
        double above = below;
        while (below > 0)
        {
            (low, above) = (high, below);
            high = high < LargestNoise
                ? Math.Min(high * 4, LargestNoise)
                : throw new ArgumentOutOfRangeException(
                    nameof(targetEpsilon), targetEpsilon, "No noise multiplier up to 10^6 is enough at this delta.");
            below = Excess(high);
        }

        while (above <= 0)
        {
            if (low == LeastNoise || budget.IsSpent)
            {
                return low;
            }

            (high, below) = (low, above);
            low = Math.Max(low / 4, LeastNoise);
            above = Excess(low);
        }

        // ln ε is nearly a line in ln σ: its secant, never nearer to an end than half the precision, so that both close in.
        for (int i = 0; high - low > RelativePrecision * high && !budget.IsSpent; i++)
        {
            double share = above / (above - below);
            share = i % 4 == 3 || !double.IsFinite(share) ? 0.5 : share;
            double middle = low * DoubleExp.Of(share * DoubleLog.Of(high / low));
            middle = Math.Clamp(
                middle, low * (1 + (RelativePrecision / 2)), high * (1 - (RelativePrecision / 2)));
            double excess = Excess(middle);
            (low, above, high, below) = excess > 0 ? (middle, excess, high, below) : (low, above, middle, excess);
        }

        return high;

        double Excess(double noise) => DoubleLog.Of(epsilonAt(noise) / targetEpsilon);
    }

    private static double Epsilon(GaussianEvent e, double delta, WorkBudget budget)
    {
        ExactAccountant accountant = new();
        accountant.Compose(e);
        budget.Charge(PerQuestion);
        return accountant.Bounds(delta, budget.Part(WorkBudget.Query / 2)).Upper;
    }
}
