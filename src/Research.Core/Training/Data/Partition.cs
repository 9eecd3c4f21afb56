namespace Research.Training.Data;

/// <summary>Cuts one data set into shards, to try out on one machine what many owners would do.</summary>
public static class Partition
{
    /// <summary>
    /// Cuts into disjoint shards whose sizes fall evenly from largest to smallest, and that leave nothing over. A unit
    /// with all its records is in one shard.
    /// </summary>
    /// <param name="data">The records, [N].</param>
    /// <param name="shards">How many shards, 1 to the number of units; of records where there are none.</param>
    /// <param name="seed">Decides which record goes where.</param>
    /// <param name="ratio">Size of the largest shard over that of the smallest, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Dataset[] Unequal(Dataset data, int shards, ulong seed, double ratio = 2)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ratio, 1);
        int[][] units = Units(data);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, units.Length);
        int[] order = [.. Enumerable.Range(0, units.Length)];
        new SeededGenerator(seed).Shuffle(order);

        // Shard i weighs ratio − (ratio − 1)·i/(shards − 1); each keeps one record at least.
        double[] weights =
            [.. Enumerable.Range(0, shards).Select(i => ratio - ((ratio - 1) * i / Math.Max(1, shards - 1)))];
        double total = weights.Sum();
        Dataset[] cut = new Dataset[shards];
        double reached = 0;
        int from = 0;
        for (int i = 0; i < shards; i++)
        {
            reached += weights[i];
            int to = i == shards - 1
                ? units.Length
                : Math.Clamp((int)Math.Round(reached / total * units.Length), from + 1, units.Length - (shards - 1 - i));
            cut[i] = data.Select([.. order[from..to].SelectMany(unit => units[unit])]);
            from = to;
        }

        return cut;
    }

    private static int[][] Units(Dataset data)
    {
        IEnumerable<int> all = Enumerable.Range(0, data.Count);
        return data.HasUnits
            ? [.. all.GroupBy(i => Convert.ToHexString(data.Identity.Unit(i)), (_, members) => members.ToArray())]
            : [.. all.Select(i => new[] { i })];
    }

    /// <summary>Deals the labels out anew at random: the records of somebody whose labels are worthless.</summary>
    /// <param name="data">The records.</param>
    /// <param name="seed">Decides which record gets whose label.</param>
    public static Dataset WithShuffledLabels(Dataset data, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] labels = data.Labels.ToArray();
        new SeededGenerator(seed).Shuffle(labels);
        return data.WithLabels(labels);
    }
}
