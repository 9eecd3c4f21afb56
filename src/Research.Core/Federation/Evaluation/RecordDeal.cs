namespace Research.Federation.Evaluation;

/// <summary>Deals records to rounds, in pairs of one class where possible, each class evenly.</summary>
internal static class RecordDeal
{
    /// <summary>Deals.</summary>
    /// <param name="labels">The label of each record; 2 · rounds · pairs of them or more.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="pairs">Pairs that a round takes.</param>
    /// <returns>The records of each round: 2k and 2k + 1 are pair k.</returns>
    public static int[][] Deal(ReadOnlySpan<int> labels, int rounds, int pairs)
    {
        List<(int First, int Second)>[] dealt = [.. Enumerable.Range(0, rounds).Select(_ => new List<(int, int)>())];
        int next = 0;
        foreach ((int, int) pair in MostEven(Pairs(labels), labels.ToArray(), rounds * pairs))
        {
            dealt[next++ % rounds].Add(pair);
        }

        return
        [
            .. dealt.Select(round => round.OrderBy(pair => pair.First)
                .SelectMany(pair => (int[])[pair.First, pair.Second]).ToArray()),
        ];
    }

    // By class; where a class has an odd number, its last record goes with that of the next such class.
    private static List<(int First, int Second)> Pairs(ReadOnlySpan<int> labels)
    {
        List<(int, int)> pairs = [];
        SortedDictionary<int, int> waiting = [];
        for (int record = 0; record < labels.Length; record++)
        {
            if (waiting.Remove(labels[record], out int first))
            {
                pairs.Add((first, record));
            }
            else
            {
                waiting.Add(labels[record], record);
            }
        }

        int[] left = [.. waiting.Values];
        for (int i = 0; i + 1 < left.Length; i += 2)
        {
            pairs.Add((Math.Min(left[i], left[i + 1]), Math.Max(left[i], left[i + 1])));
        }

        return pairs;
    }

    // Of each class the same part, the first of each; in the order of the classes.
    private static IEnumerable<(int First, int Second)> MostEven(
        List<(int First, int Second)> pairs, int[] labels, int count) =>
        pairs.GroupBy(pair => labels[pair.First])
            .SelectMany(group => group.Select((pair, i) => (Pair: pair, Part: (i + 0.5) / group.Count())))
            .OrderBy(one => one.Part).ThenBy(one => one.Pair.First)
            .Take(count)
            .Select(one => one.Pair)
            .OrderBy(pair => labels[pair.First]).ThenBy(pair => pair.First);
}
