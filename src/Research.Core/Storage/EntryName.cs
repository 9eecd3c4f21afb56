using System.Buffers;

namespace Research.Storage;

/// <summary>Names of entries that were agreed upon: 1 to 100 of the characters a to z, 0 to 9 and -, and no device's
/// name such as nul or com1: a store of this name could not keep it on Windows.</summary>
public static class EntryName
{
    /// <summary>The longest name, in characters.</summary>
    public const int Longest = 100;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Gets whether a text is a name.</summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= Longest && !name.ContainsAnyExcept(Characters) && !DeviceName.Is(name);

    /// <summary>Throws for what is no name.</summary>
    /// <exception cref="ArgumentException">It is anything else.</exception>
    internal static void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"Expected a name of 1 to {Longest} characters a to z, 0 to 9 and -, and no device's such as "
                    + "nul or com1; got "
                + (DeviceName.Is(name) ? "a device's." : $"{name.Length} characters."),
                nameof(name));
        }
    }
}
