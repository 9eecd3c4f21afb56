using MathNet.Numerics;

namespace Research.Privacy.Auditing;

/// <summary>Exact confidence limits of a probability, from how often it came true.</summary>
/// <remarks>Source: Clopper and Pearson 1934, Biometrika 26(4): quantiles of beta distributions.</remarks>
internal static class ClopperPearson
{
    private const int Halvings = 1100; // To the last bit, from whatever binade.

    /// <summary>Gets the limit below which the probability lies with chance at most <paramref name="risk"/>.</summary>
    /// <param name="hits">How often it came true, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Independent trials.</param>
    /// <param name="risk">In (0, 1).</param>
    public static double Lower(long hits, long trials, double risk) =>
        hits == 0 ? 0 : Quantile(hits, trials - hits + 1.0, risk).Below;

    /// <summary>Gets the limit above which the probability lies with chance at most <paramref name="risk"/>.</summary>
    /// <inheritdoc cref="Lower"/>
    public static double Upper(long hits, long trials, double risk) =>
        hits == trials ? 1 : 1 - Quantile(trials - hits, hits + 1.0, risk).Below;

    // The distribution function rises: the last point where it is at most the risk.
    private static (double Below, double Above) Quantile(double a, double b, double risk)
    {
        (double below, double above) = (0, 1);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = below + ((above - below) / 2);
            if (middle == below || middle == above)
            {
                break;
            }

            (below, above) = SpecialFunctions.BetaRegularized(a, b, middle) <= risk ? (middle, above) : (below, middle);
        }

        return (below, above);
    }
}
