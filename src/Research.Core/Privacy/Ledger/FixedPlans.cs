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
        RdpAccountant? accountant = new();
        for (int i = 0; i < entries.Count; i++)
        {
            accountant = Composed(accountant, entries[i].Event);
            if (i >= first)
            {
                // The filter's ε holds for fixed plans too.
                double filter = entries[i].EpsilonAfter;
                epsilons[i - first] = accountant is null ? filter : Math.Min(filter, accountant.Epsilon(delta));
            }
        }

        return epsilons;
    }

    // Null once an event came that only the filter has an analysis of.
    private static RdpAccountant? Composed(RdpAccountant? accountant, PrivacyEvent e)
    {
        try
        {
            accountant?.Compose(e);
            return accountant;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
