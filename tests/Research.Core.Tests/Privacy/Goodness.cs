using MathNet.Numerics.Distributions;

namespace Research.Tests.Privacy;

/// <summary>Tests of fit. Seeds are fixed, so a p-value is a fact about the code and not about the day.</summary>
internal static class Goodness
{
    public const double LeastP = 1e-4;

    /// <summary>Gets the p-value of Pearson's statistic with one degree of freedom less than there are cells.</summary>
    public static double ChiSquareP(ReadOnlySpan<double> observed, ReadOnlySpan<double> expected)
    {
        double statistic = 0;
        for (int i = 0; i < observed.Length; i++)
        {
            statistic += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
        }

        return 1 - ChiSquared.CDF(observed.Length - 1, statistic);
    }

    /// <summary>Gets the asymptotic p-value of the Kolmogorov-Smirnov distance to a continuous distribution.</summary>
    public static double KolmogorovSmirnovP(double[] sample, Func<double, double> cdf)
    {
        Array.Sort(sample);
        double n = sample.Length;
        double distance = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            double p = cdf(sample[i]);
            distance = Math.Max(distance, Math.Max(((i + 1) / n) - p, p - (i / n)));
        }

        double scaled = distance * Math.Sqrt(n);
        double sum = 0;
        for (int k = 1; k <= 100; k++)
        {
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * scaled * scaled);
        }

        return Math.Clamp(sum, 0, 1);
    }
}
