namespace Research.Scripting.Intelligence.Completion;

/// <summary>Compares what was typed with a name: by prefix, or by the first letters of the name's words.</summary>
internal static class NameMatch
{
    /// <summary>The rank of a name that does not match.</summary>
    public const int None = int.MaxValue;

    private const int LongestWords = 32; // Nobody types more by humps; keeps the search small.

    /// <summary>Ranks a name.</summary>
    /// <returns>0 for a prefix in the same case, 1 for a prefix, 2 for words' beginnings, else
    /// <see cref="None"/>.</returns>
    public static int Rank(string typed, string name)
    {
        if (name.StartsWith(typed, StringComparison.Ordinal))
        {
            return 0;
        }

        if (name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
        {
            return 1;
        }

        return typed.Length is > 1 and <= LongestWords && Same(typed[0], name, FirstLetter(name)) &&
            MatchesWords(typed, name)
                ? 2
                : None;
    }

    // Each typed letter continues the run of the one before or starts a later word. reached[j] says whether the letters
    // so far can end at name[j].
    private static bool MatchesWords(string typed, string name)
    {
        bool[] reached = new bool[name.Length];
        reached[FirstLetter(name)] = true;
        for (int i = 1; i < typed.Length; i++)
        {
            bool[] next = new bool[name.Length];
            bool earlier = false;
            bool any = false;
            for (int j = 1; j < name.Length; j++)
            {
                bool follows = reached[j - 1];
                earlier |= follows;
                next[j] = Same(typed[i], name, j) && (follows || (earlier && StartsWord(name, j)));
                any |= next[j];
            }

            if (!any)
            {
                return false;
            }

            reached = next;
        }

        return true;
    }

    private static int FirstLetter(string name) => name.Length > 1 && name[0] == '_' ? 1 : 0;

    private static bool Same(char typed, string name, int index) =>
        index < name.Length && char.ToUpperInvariant(typed) == char.ToUpperInvariant(name[index]);

    private static bool StartsWord(string name, int index)
    {
        char here = name[index];
        char before = name[index - 1];
        return before == '_' ||
            (char.IsAsciiDigit(here) && !char.IsAsciiDigit(before)) ||
            (char.IsUpper(here) &&
                (!char.IsUpper(before) || (index + 1 < name.Length && char.IsLower(name[index + 1]))));
    }
}
