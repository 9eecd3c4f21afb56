namespace Research.Privacy.Accounting;

/// <summary>
/// The orders at which divergences are kept: dense where optima lie, sparse up to 2¹⁵ for the smallest ε.
/// </summary>
internal static class RenyiOrders
{
    /// <summary>The largest order; the sums over integers were measured up to here.</summary>
    public const int Largest = 32768;

    /// <summary>Gets the orders, ascending, all above 1.</summary>
    public static IReadOnlyList<double> All { get; } = Build();

    private static List<double> Build()
    {
        List<double> orders = [1.01, 1.02, 1.05];
        for (int twentieths = 22; twentieths < 80; twentieths++)
        {
            orders.Add(twentieths / 20.0); // 1.1 to 3.95
        }

        for (int tenths = 40; tenths < 160; tenths++)
        {
            orders.Add(tenths / 10.0); // 4.0 to 15.9
        }

        for (int order = 16; order <= 64; order++)
        {
            orders.Add(order);
        }

        for (int base2 = 64; base2 < Largest; base2 *= 2)
        {
            orders.AddRange([base2 * 5 / 4, base2 * 3 / 2, base2 * 7 / 4, base2 * 2]);
        }

        return orders;
    }
}
