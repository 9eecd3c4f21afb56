using Research.Scripting.Directives;

namespace Research.Scripting.Intelligence;

/// <summary>The C# of a cell alone: every other character is blank, so that positions stay.</summary>
internal static class CSharpText
{
    /// <summary>Blanks the parts in other languages, leaving the lines that switch the language.</summary>
    /// <param name="cell">The whole cell.</param>
    /// <param name="position">A place in it.</param>
    /// <param name="isCSharp">Whether that place is C#, or a line that switches the language.</param>
    public static string WithoutOtherLanguages(string cell, int position, out bool isCSharp)
    {
        isCSharp = true;
        if (!cell.Contains("#!", StringComparison.Ordinal))
        {
            return cell;
        }

        char[] rest = cell.ToCharArray();
        bool foreign = false;
        for (int start = 0; start < cell.Length;)
        {
            int length = cell.AsSpan(start).IndexOf('\n');
            int end = length < 0 ? cell.Length : start + length;
            string line = cell[start..end].Trim();
            bool here = position >= start && position <= end;
            if (CellSegment.Switches.Contains(line))
            {
                foreign = !line.Equals("#!csharp", StringComparison.Ordinal)
                    && !line.Equals("#!c#", StringComparison.OrdinalIgnoreCase);
            }
            else if (foreign && !(here && line.StartsWith("#!", StringComparison.Ordinal))) // Half a switch stays.
            {
                isCSharp &= !here;
                rest.AsSpan(start, end - start).Fill(' ');
            }

            start = end + 1;
        }

        return new string(rest);
    }

    /// <summary>Blanks the parts in other languages and all of the session's directives.</summary>
    public static string Of(string cell) =>
        DirectiveScanner.Scan(WithoutOtherLanguages(cell, 0, out _), out _);
}
