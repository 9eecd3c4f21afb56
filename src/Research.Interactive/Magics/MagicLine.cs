using System.Text;

namespace Research.Interactive.Magics;

/// <summary>Splits a line into words, at spaces that are not between double quotes.</summary>
internal static class MagicLine
{
    /// <returns>The words; null where a quote is not closed.</returns>
    public static IReadOnlyList<string>? TrySplit(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isQuoted = false;
        bool hasWord = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
                hasWord = true; // "" is a word too.
            }
            else if (isQuoted || !char.IsWhiteSpace(c))
            {
                word.Append(c);
                hasWord = true;
            }
            else if (hasWord)
            {
                words.Add(word.ToString());
                word.Clear();
                hasWord = false;
            }
        }

        return isQuoted ? null : hasWord ? [.. words, word.ToString()] : words;
    }
}
