namespace Research.Interactive.Magics;

/// <summary>Names under which a notebook can hold a value.</summary>
internal static class VariableName
{
    // C#'s reserved words: what only some places reserve can name a variable.
    private static readonly HashSet<string> Reserved =
    [
        .. ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do "
            + "double else enum event explicit extern false finally fixed float for foreach goto if implicit in int "
            + "interface internal is lock long namespace new null object operator out override params private protected "
            + "public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true "
            + "try typeof uint ulong unchecked unsafe ushort using virtual void volatile while").Split(' '),
    ];

    /// <summary>Gets the name that an option gives.</summary>
    /// <exception cref="RefusedException">It cannot name a variable: known before anything is done for it.</exception>
    public static string In(MagicArguments arguments, string option, string otherwise)
    {
        string name = arguments.Text(option) ?? otherwise;
        bool isName = name.Length is > 0 and <= 100
            && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            && !Reserved.Contains(name);
        return isName
            ? name
            : throw MagicArguments.Unexpected(option, "a variable's name: letters, digits and _, no word of C#", name);
    }
}
