namespace Research.Training.Data;

/// <summary>Cuts a data set in two so that each class keeps its share, the same way every time.</summary>
/// <remarks>
/// Test examples: a fifth, rounded up; divided over classes by largest remainder (ties to the lower class); chosen in
/// each class by a shuffle
/// with a fixed seed. Both parts keep the data's order.
/// </remarks>
internal static class StratifiedSplit
{
    private const int TestShare = 5; // one in five
    private const ulong Seed = 20260101;

    public static DatasetSplit Cut(string name, Dataset data)
    {
        List<int>[] byClass = [.. Enumerable.Range(0, data.Classes).Select(_ => new List<int>())];
        for (int i = 0; i < data.Count; i++)
        {
            byClass[data.Labels.Span[i]].Add(i);
        }

        int[] quotas = Quotas(byClass, (data.Count + TestShare - 1) / TestShare, data.Count);
        SeededGenerator generator = new(Seed);
        bool[] isTest = new bool[data.Count];
        for (int label = 0; label < byClass.Length; label++)
        {
            int[] members = [.. byClass[label]];
            generator.Shuffle(members);
            foreach (int index in members.AsSpan(0, quotas[label]))
            {
                isTest[index] = true;
            }
        }

        int[] all = [.. Enumerable.Range(0, data.Count)];
        return new DatasetSplit(
            name,
            data.Select([.. all.Where(index => !isTest[index])]),
            data.Select([.. all.Where(index => isTest[index])]));
    }

    private static int[] Quotas(List<int>[] byClass, int testCount, int count)
    {
        int[] quotas = [.. byClass.Select(members => (int)((long)members.Count * testCount / count))];
        int[] byRemainder =
        [
            .. Enumerable.Range(0, byClass.Length)
                .OrderByDescending(label => (long)byClass[label].Count * testCount % count),
        ];
        int missing = testCount - quotas.Sum();
        for (int i = 0; i < missing; i++)
        {
            quotas[byRemainder[i]]++;
        }

        return quotas;
    }
}
