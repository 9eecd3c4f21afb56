using System.Numerics;

namespace Research.Federation.Scoring;

/// <summary>
/// A cooperative game with integer values, each coalition valued once, and its Shapley values by orders of joining.
/// </summary>
/// <remarks>
/// The Shapley value of player i is the mean, over orders, of v(those before i, and i) − v(those before i). Sampling
/// the orders is unbiased (Castro, Gómez and Tejada 2009, Computers and Operations Research 36(5), section 3). The
/// result is the sum over the orders, not their mean, so no division rounds anything, and the values sum to
/// orders · (v(all) − v(none)) exactly. Up to <see cref="LargestExact"/> players, every order is taken once and the
/// value is exact.
/// </remarks>
/// <param name="value">v: the value of a coalition, its members ascending.</param>
internal sealed class CoalitionGame(Func<int[], long> value)
{
    /// <summary>Up to this many players every order is visited (120 of them).</summary>
    public const int LargestExact = 5;

    private readonly Dictionary<BigInteger, long> _known = [];

    /// <summary>Computes the sums of marginal values in the game among some players.</summary>
    /// <param name="players">The players, each a number from 0.</param>
    /// <param name="permutations">Orders to sample when there are too many to visit all.</param>
    /// <param name="beacon">Draws the orders.</param>
    /// <param name="cancellationToken">Stops between orders.</param>
    public ShapleySum[] ShapleyValues(
        IReadOnlyList<int> players, int permutations, Beacon beacon, CancellationToken cancellationToken)
    {
        BigInteger[] sums = new BigInteger[players.Count];
        int orders = 0;
        IEnumerable<int[]> joinings = players.Count <= LargestExact
            ? All(players.Count)
            : Sampled(players.Count, permutations, beacon);
        foreach (int[] order in joinings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BigInteger members = BigInteger.Zero;
            long before = ValueOf(members);
            foreach (int place in order)
            {
                members |= BigInteger.One << players[place];
                long after = ValueOf(members);
                sums[place] += after - before;
                before = after;
            }

            orders++;
        }

        return [.. sums.Select(sum => new ShapleySum(sum, orders))];
    }

    /// <summary>
    /// Finds who belongs together: while somebody is worth nothing or less, the least leaves and
    /// the rest are valued again.
    /// </summary>
    /// <param name="players">Number of players.</param>
    /// <param name="permutations">Orders to sample when there are too many to visit all.</param>
    /// <param name="beacon">Draws the orders.</param>
    /// <param name="cancellationToken">Stops between orders.</param>
    /// <returns>
    /// Of the coalitions met on the way the one of greatest value, empty where none is worth more than nobody; and what
    /// each player was worth: its members in that coalition, everybody else in the last that they were part of.
    /// </returns>
    public (int[] Kept, ShapleySum[] Worths) Sift(
        int players, int permutations, Beacon beacon, CancellationToken cancellationToken)
    {
        ShapleySum[] worths = new ShapleySum[players];
        ShapleySum[] keptWorths = worths;
        int[] kept = [];
        long greatest = ValueOf(BigInteger.Zero);
        List<int> remaining = [.. Enumerable.Range(0, players)];
        while (remaining.Count > 0)
        {
            ShapleySum[] values = ShapleyValues(remaining, permutations, beacon, cancellationToken);
            foreach ((int place, int player) in remaining.Index())
            {
                worths[player] = values[place];
            }

            long value = ValueOf(
                remaining.Aggregate(BigInteger.Zero, (members, player) => members | (BigInteger.One << player)));
            if (value > greatest)
            {
                (greatest, kept, keptWorths) = (value, [.. remaining], [.. worths]);
            }

            BigInteger least = values.Min(one => one.Sum);
            if (least.Sign > 0)
            {
                break;
            }

            remaining.RemoveAt(Array.FindLastIndex(values, one => one.Sum == least));
        }

        foreach (int player in kept)
        {
            worths[player] = keptWorths[player];
        }

        return (kept, worths);
    }

    private long ValueOf(BigInteger members)
    {
        if (!_known.TryGetValue(members, out long found))
        {
            found = value([.. Enumerable.Range(0, (int)members.GetBitLength()).Where(i => !(members >> i).IsEven)]);
            _known.Add(members, found);
        }

        return found;
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
