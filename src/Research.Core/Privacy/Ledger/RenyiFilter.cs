using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>
/// Keeps adaptively chosen plans within (ε, δ), by the sum of their Rényi divergences at one order fixed beforehand.
/// </summary>
/// <remarks>
/// If each plan, given all earlier results, is (α, ρₜ)-RDP and Σρₜ ≤ B always, the whole interaction is (α, B)-RDP,
/// even when plans and ρₜ depend on earlier results: Feldman and Zrnic 2021, arXiv:2008.11193, Theorem 3.1 (proof in
/// Privacy/PROOFS.md). B converts to (ε, δ) by <see cref="RenyiConversion"/>. Taking the best of several orders
/// afterwards would not be covered by that theorem, so this never does.
/// </remarks>
internal sealed class RenyiFilter(double order, double delta) : IAdaptiveFilter
{
    private readonly Dictionary<PrivacyEvent, double> _perStep = [];
    private readonly double _conversion = RenyiConversion.Cost(order, delta);

    /// <summary>Gets the order that admits the most Gaussian noise: the largest budget for each unit of α·ρ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No order leaves a budget.</exception>
    public static double ChooseOrder(double epsilonCap, double delta)
    {
        double Budget(double order) => (epsilonCap - RenyiConversion.Cost(order, delta)) / order;

        double best = RenyiOrders.All.MaxBy(Budget);
        return Budget(best) > 0
            ? best
            : throw new ArgumentOutOfRangeException(
                nameof(epsilonCap),
                epsilonCap,
                FormattableString.Invariant($"No release fits such a cap at delta {delta}."));
    }

    /// <summary>Gets the plan's divergence at the filter's order.</summary>
    public double Cost(PrivacyEvent e)
    {
        if (e.IsFree)
        {
            return 0;
        }

        PrivacyEvent step = e with { Steps = 1 };
        if (!_perStep.TryGetValue(step, out double perStep))
        {
            perStep = RenyiDivergence.OfOneStep(step, order);
            _perStep.Add(step, perStep);
        }

        return e.Steps * perStep;
    }

    /// <inheritdoc/>
    public double Epsilon(double cost) => cost == 0 ? 0 : RenyiConversion.RoundUp(cost + _conversion);
}
