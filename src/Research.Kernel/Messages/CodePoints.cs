using System.Text;

namespace Research.Kernel.Messages;

/// <summary>Converts cursor positions: the protocol counts Unicode code points, .NET UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>Gets the UTF-16 index of a code point; positions outside the text are moved to its ends.</summary>
    public static int ToUtf16(string text, int position)
    {
        int index = 0;
        for (int i = 0; i < position && index < text.Length; i++)
        {
            index += char.IsSurrogatePair(text, index) ? 2 : 1;
        }

        return index;
    }

    /// <summary>Gets the number of code points before a UTF-16 index.</summary>
    public static int FromUtf16(string text, int index)
    {
        int count = 0;
        foreach (Rune _ in text.AsSpan(0, Math.Clamp(index, 0, text.Length)).EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
