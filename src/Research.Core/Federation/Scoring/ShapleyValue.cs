using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>Shapley values by sampled orders of joining, in integers.</summary>
/// <remarks>
/// The value of player i is the mean, over orders, of v(those before i, and i) − v(those before i). Sampling the orders
/// is unbiased (Castro, Gómez and Tejada 2009, Computers and Operations Research 36(5), section 3). The result is the sum over the orders, not
/// their mean, so no division rounds anything, and the values sum to orders · (v(all) − v(none)) exactly. Up to
/// <see cref="LargestExact"/> players, every order is taken once and the value is exact.
/// </remarks>
internal static class ShapleyValue
{
    /// <summary>Up to this many players every order is visited (120 of them).</summary>
    public const int LargestExact = 5;

    /// <summary>Computes the sums of marginal values.</summary>
    /// <param name="players">Number of players.</param>
    /// <param name="permutations">Orders to sample when there are too many to visit all.</param>
    /// <param name="beacon">Draws the orders.</param>
    /// <param name="value">v: the value of a coalition, its members ascending; called once a coalition.</param>
    /// <param name="cancellationToken">Stops between orders.</param>
    /// <returns>For each player the sum over orders of marginal values, and the number of orders.</returns>
    public static (BigInteger[] Sums, int Orders) Compute(
        int players, int permutations, Beacon beacon, Func<int[], long> value, CancellationToken cancellationToken)
    {
        Dictionary<BigInteger, long> known = [];
        BigInteger[] sums = new BigInteger[players];
        int orders = 0;
        foreach (int[] order in players <= LargestExact ? All(players) : Sampled(players, permutations, beacon))
        {
            cancellationToken.ThrowIfCancellationRequested();
            BigInteger members = BigInteger.Zero;
            long before = ValueOf(members);
            foreach (int player in order)
            {
                members |= BigInteger.One << player;
                long after = ValueOf(members);
                sums[player] += after - before;
                before = after;
            }

            orders++;
        }

        return (sums, orders);

        long ValueOf(BigInteger members)
        {
            if (!known.TryGetValue(members, out long found))
            {
                found = value([.. Enumerable.Range(0, players).Where(i => !(members >> i).IsEven)]);
                known.Add(members, found);
            }

            return found;
        }
    }

    private static IEnumerable<int[]> Sampled(int players, int permutations, Beacon beacon)
    {
        for (int i = 0; i < permutations; i++)
        {
            int[] order = [.. Enumerable.Range(0, players)];
            beacon.Shuffle(order);
            yield return order;
        }
    }

    private static IEnumerable<int[]> All(int players)
    {
        if (players == 0)
        {
            yield return [];
            yield break;
        }

        foreach (int[] shorter in All(players - 1))
        {
            for (int at = 0; at < players; at++)
            {
                yield return [.. shorter[..at], players - 1, .. shorter[at..]];
            }
        }
    }
}
