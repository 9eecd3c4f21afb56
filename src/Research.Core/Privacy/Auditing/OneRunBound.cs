using Research.Tensors;

namespace Research.Privacy.Auditing;

/// <summary>What right guesses about many canaries, all in one run, say against a claim of (ε, δ).</summary>
/// <remarks>
/// Source: Steinke, Nasr and Jagielski 2023, arXiv:2305.08846v1, Theorem 5.2 and Appendix D: m canaries, each in or
/// out by its own fair coin; r of them guessed, v rightly. Nothing is assumed of the mechanism but the claim, so
/// canaries may depend on each other in any way.
/// </remarks>
internal static class OneRunBound
{
    private const double MostEpsilon = 64; // Beyond it e^−ε is lost beside 1.

    /// <summary>Gets a bound on the chance of so many right guesses if the claim is true.</summary>
    /// <param name="canaries">m.</param>
    /// <param name="guesses">r, at most m.</param>
    /// <param name="right">v, at most r.</param>
    /// <param name="epsilon">ε, 0 or more.</param>
    /// <param name="delta">δ in [0, 1).</param>
    public static double PValue(int canaries, int guesses, int right, double epsilon, double delta)
    {
        double logWrong = -DoubleLog1P.Of(DoubleExp.Of(epsilon)); // 1 − p with p = 1/(1 + e^−ε)
        double logRight = epsilon + logWrong;
        double worst = 0;
        double sum = 0; // P(v > Binomial(r, p) ≥ v − i)
        double[] density = Binomial(guesses, logRight, logWrong);
        for (int i = 1; i <= right && delta > 0; i++)
        {
            sum += density[right - i];
            worst = Math.Max(worst, sum / i);
        }

        double tail = 0;
        for (int i = guesses; i >= right; i--)
        {
            tail += density[i];
        }

        return Math.Min(1, tail + (2 * canaries * delta * worst));
    }

    /// <summary>Gets the largest ε that the guesses refute; 0 if they refute none.</summary>
    /// <inheritdoc cref="PValue"/>
    /// <param name="canaries">m.</param>
    /// <param name="guesses">r, fixed before the scores were seen, or paid for in the risk.</param>
    /// <param name="right">v, at most r.</param>
    /// <param name="delta">δ in [0, 1).</param>
    /// <param name="risk">Chance of refuting a claim that is true, at most.</param>
    public static double Epsilon(int canaries, int guesses, int right, double delta, double risk)
    {
        if (PValue(canaries, guesses, right, 0, delta) > risk)
        {
            return 0;
        }

        (double refuted, double open) = (0, MostEpsilon);
        while (open - refuted > 1e-12 * open)
        {
            double middle = refuted + ((open - refuted) / 2);
            (refuted, open) = PValue(canaries, guesses, right, middle, delta) <= risk
                ? (middle, open)
                : (refuted, middle);
        }

        return refuted;
    }

    private static double[] Binomial(int trials, double logRight, double logWrong)
    {
        double[] density = new double[trials + 1];
        double logChoices = 0; // ln (r choose i), from Σ ln: exact enough for 10^7 terms.
        for (int i = 0; i <= trials; i++)
        {
            density[i] = DoubleExp.Of(logChoices + (i * logRight) + ((trials - i) * logWrong));
            logChoices += i < trials ? DoubleLog.Of((double)(trials - i) / (i + 1)) : 0;
        }

        return density;
    }
}
