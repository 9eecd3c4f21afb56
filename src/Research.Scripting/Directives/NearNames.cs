namespace Research.Scripting.Directives;

/// <summary>Finds what a misspelt name may have meant.</summary>
internal static class NearNames
{
    /// <summary>Lists the names within a few edits of <paramref name="name"/>, nearest first; all when none is
    /// near.</summary>
    public static IReadOnlyList<string> Of(string name, IReadOnlyCollection<string> known)
    {
        int reach = Math.Max(2, name.Length / 3);
        string[] near =
        [
            .. known.Select(candidate => (candidate, distance: Distance(name, candidate)))
                .Where(pair => pair.distance <= reach)
                .OrderBy(pair => pair.distance)
                .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
                .Select(pair => pair.candidate)
                .Take(4),
        ];
        return near.Length > 0 ? near : [.. known];
    }

    // Levenshtein distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = left[i - 1] == right[j - 1] ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
