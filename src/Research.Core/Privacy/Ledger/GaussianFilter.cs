using Research.Privacy.Accounting;
using Research.Tensors;

namespace Research.Privacy.Ledger;

/// <summary>
/// Keeps adaptively chosen plans within (ε, δ), by the sum of their μ²: Gaussian differential privacy, exactly.
/// </summary>
/// <remarks>
/// If each plan, given all earlier results, is μₜ-GDP and Σμₜ² ≤ μ² always, the whole interaction is μ-GDP, even when
/// plans and μₜ depend on earlier results: Smith and Thakurta 2022, arXiv:2210.17520; Koskela, Tobaben and Honkela
/// 2022, arXiv:2209.15596 (proof in Privacy/PROOFS.md). ε by <see cref="AnalyticGaussian"/>, so for Gaussian releases
/// of whole data sets the filter is as tight as plans fixed in advance. A subsampled Gaussian has no μ of its own that
/// is better than the unsampled one's, so it is refused instead of charged without its amplification.
/// </remarks>
internal sealed class GaussianFilter(double delta) : IAdaptiveFilter
{
    private const double Margin = 1e-10; // Far above the rounding of a hundred thousand sums.
    private const double MostCost = 1e12; // ε is beyond 10¹¹ there, and no cap worth the name.
    private const double MostPure = 600; // e^−ε is a normal number up to here.
    private const double RootHalfPi = 1.2533141373155003; // √(π/2), rounded up.

    /// <inheritdoc/>
    public double Cost(PrivacyEvent e) => e.IsFree ? 0 : e.Steps * CostOfOneStep(e) * (1 + Margin);

    /// <inheritdoc/>
    public double Epsilon(double cost) => cost switch
    {
        0 => 0,
        <= MostCost => RenyiConversion.RoundUp(AnalyticGaussian.Epsilon(Math.Sqrt(cost), delta)),
        _ => double.PositiveInfinity,
    };

    private static double CostOfOneStep(PrivacyEvent e) => e switch
    {
        GaussianEvent { SampleRate: 1 } g => 1 / (g.NoiseMultiplier * g.NoiseMultiplier),
        LaplaceEvent l => OfPure(1 / l.Scale),
        PureEvent p => OfPure(p.Epsilon),
        RandomizedResponseEvent r => OfPure(r.Epsilon),
        GaussianEvent g => throw new NotSupportedException(FormattableString.Invariant(
            $"The Gaussian filter takes Gaussian events of sample rate 1, and this one has {g.SampleRate}: no cost of ")
            + "sampling is proven there. Training on samples needs a ledger with the Rényi filter."),
        _ => throw new NotSupportedException(
            $"The Gaussian filter has no proven cost for a {e.GetType().Name}: use a ledger with the Rényi filter."),
    };

    // An ε-private release is μ-GDP for Φ(μ/2) = 1/(1 + e^−ε), and for no smaller μ: PROOFS.md.
    private static double OfPure(double epsilon)
    {
        if (epsilon > MostPure)
        {
            return double.PositiveInfinity;
        }

        double other = DoubleExp.Of(-epsilon);
        double mu = epsilon < 1e-3
            ? epsilon * RootHalfPi // An upper bound for ε <= 1 (PROOFS.md); the quantile has few digits here.
            : 2 * NormalTail.Quantile(other / (1 + other));
        return mu * mu;
    }
}
