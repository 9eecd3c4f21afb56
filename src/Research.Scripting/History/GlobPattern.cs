namespace Research.Scripting.History;

/// <summary>Patterns in which <c>*</c> stands for any text and <c>?</c> for one character.</summary>
internal static class GlobPattern
{
    /// <summary>Tells whether a whole text matches; time is at most the product of the lengths.</summary>
    public static bool Matches(string text, string pattern)
    {
        int at = 0;
        int next = 0;
        int star = -1;
        int resume = 0;
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                star = next++;
                resume = at;
            }
            else if (next < pattern.Length && (pattern[next] == '?' || pattern[next] == text[at]))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                next = star + 1; // The star takes one character more.
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(next).Trim('*').IsEmpty;
    }
}
