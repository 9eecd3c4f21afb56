using Research.Tensors;

namespace Research.Privacy.Auditing;

/// <summary>How an attack with a threshold fared: its answers "member", among members and among others.</summary>
/// <param name="Members">Trials with the canary in the data.</param>
/// <param name="Others">Trials without it.</param>
/// <param name="TruePositives">Members called members.</param>
/// <param name="FalsePositives">Others called members.</param>
internal readonly record struct MembershipCounts(long Members, long Others, long TruePositives, long FalsePositives)
{
    /// <summary>Gets rates that hold together but with chance <paramref name="risk"/>, half of it on either.</summary>
    /// <remarks>
    /// The lower limit of one rate is one less the upper limit of its complement, so two limits give all four.
    /// </remarks>
    public MembershipRates Rates(double risk) => new(
        ClopperPearson.Lower(TruePositives, Members, risk / 2),
        ClopperPearson.Upper(FalsePositives, Others, risk / 2),
        ClopperPearson.Lower(Others - FalsePositives, Others, risk / 2),
        ClopperPearson.Upper(Members - TruePositives, Members, risk / 2));
}

/// <summary>An attack's rates of right answers at the least and of wrong ones at the most.</summary>
/// <param name="TruePositive">Members called members, at least.</param>
/// <param name="FalsePositive">Others called members, at most.</param>
/// <param name="TrueNegative">Others called others, at least.</param>
/// <param name="FalseNegative">Members called others, at most.</param>
internal readonly record struct MembershipRates(
    double TruePositive, double FalsePositive, double TrueNegative, double FalseNegative)
{
    /// <summary>Gets the ε below which nothing (ε, δ)-private allows such rates; 0 where all do.</summary>
    /// <remarks>
    /// Kairouz, Oh and Viswanath 2015, arXiv:1311.0776v4, Theorem 2.1: for every test, TPR ≤ e^ε·FPR + δ and
    /// TNR ≤ e^ε·FNR + δ.
    /// </remarks>
    public double Epsilon(double delta) => Math.Max(
        0, Math.Max(Ratio(TruePositive - delta, FalsePositive), Ratio(TrueNegative - delta, FalseNegative)));

    /// <summary>Gets the μ below which nothing μ-Gaussian-private allows such rates; 0 where all do.</summary>
    /// <remarks>
    /// Dong, Roth and Su 2019, arXiv:1905.02383v3, Definition 2.6: FNR ≥ Φ(Φ⁻¹(1 − FPR) − μ).
    /// </remarks>
    public double GaussianMu()
    {
        if (FalsePositive is not (> 0 and < 1) || FalseNegative is not (> 0 and < 1))
        {
            return 0;
        }

        return Math.Max(0, NormalTail.Quantile(FalsePositive) + NormalTail.Quantile(FalseNegative));
    }

    private static double Ratio(double over, double under) =>
        over <= 0 ? 0 : DoubleLog.Of(over) - DoubleLog.Of(under);
}
