using System.Collections.Concurrent;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>What one plan costs that was fixed before its first release.</summary>
/// <remarks>
/// Exactly, by <see cref="ExactAccountant"/>; where an event's privacy loss is not known well enough, by
/// <see cref="RdpAccountant"/>.
/// </remarks>
/// <param name="delta">δ.</param>
/// <param name="budget">What all queries together may compute; null gives each its own.</param>
internal sealed class PlanEpsilon(double delta, WorkBudget? budget = null)
{
    private const int MostKept = 4096;
    private const double Hopeless = 300; // ε of one step alone: no cap is near, and how far beyond does not matter.

    private readonly ConcurrentDictionary<string, double> _known = new(StringComparer.Ordinal);

    /// <summary>Gets ε, an upper bound in nats; infinite where nothing bounds it.</summary>
    public double Of(IReadOnlyList<PrivacyEvent> plan)
    {
        string key = string.Join(';', plan.Select(e => e.ToString()));
        if (!_known.TryGetValue(key, out double epsilon))
        {
            if (_known.Count >= MostKept)
            {
                _known.Clear();
            }

            epsilon = Compute(plan);
            _known[key] = epsilon;
        }

        return epsilon;
    }

    private double Compute(IReadOnlyList<PrivacyEvent> plan)
    {
        if (plan.Any(IsHopeless))
        {
            return double.PositiveInfinity;
        }

        ExactAccountant exact = new();
        if (Answer(
            () => Compose(exact.Compose, plan),
            () => exact.Bounds(delta, budget ?? WorkBudget.OfQuery()).Upper) is double epsilon)
        {
            return epsilon;
        }

        RdpAccountant renyi = new();
        return Answer(() => Compose(renyi.Compose, plan), () => renyi.Epsilon(delta)) ?? double.PositiveInfinity;
    }

    // One step is a closed form, and what is composed costs no less.
    private bool IsHopeless(PrivacyEvent e)
    {
        if (e is not GaussianEvent { IsFree: false } gaussian)
        {
            return false;
        }

        ExactAccountant one = new();
        return !(Answer(() => one.Compose(gaussian with { Steps = 1 }), () => one.Epsilon(delta)) <= Hopeless);
    }

    private static void Compose(Action<PrivacyEvent> compose, IReadOnlyList<PrivacyEvent> plan)
    {
        foreach (PrivacyEvent e in plan)
        {
            compose(e);
        }
    }

    // Null means that this accountant has no answer, and another bound stands in its place.
    private static double? Answer(Action compose, Func<double> epsilon)
    {
        try
        {
            compose();
            double found = epsilon();
            return double.IsNaN(found) ? null : found;
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArithmeticException
            or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
