using System.Text.RegularExpressions;

namespace Research.Kernel.Requests;

/// <summary>A cell that asks what a name is, as IPython's users type it: <c>?name</c>, <c>name?</c>,
/// <c>name??</c>.</summary>
/// <param name="Name">What is asked about.</param>
/// <param name="Detailed">Whether all is wanted.</param>
internal sealed partial record PageQuery(string Name, bool Detailed)
{
    /// <summary>Reads a cell; null when it is code. None of these forms is C#.</summary>
    public static PageQuery? Parse(string code)
    {
        Match match = Query().Match(code.Trim());
        if (!match.Success)
        {
            return null;
        }

        string marks = match.Groups["before"].Value + match.Groups["after"].Value;
        return marks.Length == 0 ? null : new PageQuery(match.Groups["name"].Value, marks.Length > 1);
    }

    [GeneratedRegex(
        @"^(?<before>\?{0,2})\s*(?<name>[\p{L}_@][\p{L}\p{Nd}_.]*)(?<after>\?{0,2})$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Query();
}
