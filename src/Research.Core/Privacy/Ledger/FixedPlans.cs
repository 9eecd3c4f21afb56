using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>What charges would cost if all their plans had been fixed before the first release.</summary>
/// <remarks>
/// Exactly, by <see cref="ExactAccountant"/>. Once an event came of whose privacy loss too little is known, by
/// <see cref="RdpAccountant"/>, and failing that by the ledger's filter, whose ε holds for fixed plans too.
/// </remarks>
internal sealed class FixedPlans(double delta)
{
    private readonly RdpAccountant _renyi = new();
    private readonly ExactAccountant _exact = new();
    private bool _isExact = true;
    private bool _isRenyi = true;

    /// <summary>Gets ε after each of the last charges, an upper bound in nats.</summary>
    public static double[] Epsilons(IReadOnlyList<LedgerEntry> entries, double delta, int last)
    {
        int first = Math.Max(0, entries.Count - last);
        double[] epsilons = new double[entries.Count - first];
        FixedPlans plans = new(delta);
        for (int i = 0; i < entries.Count; i++)
        {
            plans._isExact = plans._isExact && Succeeds(() => plans._exact.Compose(entries[i].Event));
            plans._isRenyi = plans._isRenyi && Succeeds(() => plans._renyi.Compose(entries[i].Event));
            if (i >= first)
            {
                epsilons[i - first] = Math.Min(entries[i].EpsilonAfter, plans.Epsilon());
            }
        }

        return epsilons;
    }

    private double Epsilon()
    {
        double epsilon = double.PositiveInfinity;
        if (!(_isExact && Succeeds(() => epsilon = _exact.Epsilon(delta))) && _isRenyi)
        {
            Succeeds(() => epsilon = _renyi.Epsilon(delta));
        }

        return epsilon;
    }

    // "No" means that this accountant has no answer, and another bound stands in its place.
    private static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }
}
