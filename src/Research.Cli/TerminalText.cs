using System.Text;

namespace Research.Cli;

/// <summary>Text that may come from strangers, on its way to a terminal.</summary>
internal static class TerminalText
{
    /// <summary>
    /// Replaces characters that would steer a terminal: controls other than line feed, direction overrides.
    /// </summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool steers = (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t' or '\r'))
                || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
            clean.Append(steers ? "\uFFFD" : rune.ToString());
        }

        return clean.ToString();
    }
}
