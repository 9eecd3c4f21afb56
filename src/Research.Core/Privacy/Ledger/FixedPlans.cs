using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>What charges would cost if all their plans had been fixed before the first release.</summary>
internal static class FixedPlans
{
    /// <summary>Gets ε after each of the last charges, an upper bound in nats.</summary>
    public static double[] Epsilons(IReadOnlyList<LedgerEntry> entries, double delta, int last)
    {
        int first = Math.Max(0, entries.Count - last);
        double[] epsilons = new double[entries.Count - first];
        RdpAccountant accountant = new();
        for (int i = 0; i < entries.Count; i++)
        {
            accountant.Compose(entries[i].Event);
            if (i >= first)
            {
                // The filter's ε holds for fixed plans too.
                epsilons[i - first] = Math.Min(entries[i].EpsilonAfter, accountant.Epsilon(delta));
            }
        }

        return epsilons;
    }
}
