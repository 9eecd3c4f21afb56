namespace Research.Storage;

/// <summary>Names that are devices on Windows, in every folder and with every extension: no file can be made of them
/// there.
/// </summary>
internal static class DeviceName
{
    /// <summary>Gets whether a file's name is one, on this system or another.</summary>
    public static bool Is(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> word = (dot < 0 ? name : name[..dot]).TrimEnd(' ');
        return word.Length switch
        {
            3 => Equals(word, "con") || Equals(word, "prn") || Equals(word, "aux") || Equals(word, "nul"),
            4 => (Equals(word[..3], "com") || Equals(word[..3], "lpt"))
                && word[3] is (>= '0' and <= '9') or '¹' or '²' or '³',
            6 => Equals(word, "conin$"),
            7 => Equals(word, "conout$"),
            _ => false,
        };
    }

    private static bool Equals(ReadOnlySpan<char> word, string device) =>
        word.Equals(device, StringComparison.OrdinalIgnoreCase);
}
