using System.Globalization;

namespace Research.Scripting.Display.Shapes;

/// <summary>Bounds what one output shows, whatever the value: a page must not freeze.</summary>
/// <remarks>Everything that is read of a value is charged here, and nothing is read once it is spent. The last bound,
/// <see cref="MaximumOutput"/>, holds for each representation made from a shape.</remarks>
internal sealed class ShapeBudget(int shapes = 4_000)
{
    /// <summary>The most members shown of one object, and columns of one table.</summary>
    public const int MaximumMembers = 60;

    /// <summary>The most values around another one, whatever <c>Formatter.RecursionLimit</c> is.</summary>
    public const int MaximumDepth = 32;

    /// <summary>The longest name of a type, member or column.</summary>
    public const int MaximumName = 200;

    /// <summary>The longest text that a value inside another one may have.</summary>
    public const int MaximumInnerText = 2_000;

    /// <summary>The longest text of a value on its own.</summary>
    public const int MaximumText = 200_000;

    /// <summary>The longest <c>text/html</c> and <c>text/plain</c> made from a shape, in characters: 1 Mi.</summary>
    public const int MaximumOutput = 1 << 20;

    /// <summary>The longest JSON made from a value, in bytes: 4 MiB.</summary>
    public const int MaximumJson = 4 << 20;

    /// <summary>The most that one formatter which the notebook registered may write, in characters: 32 Mi.</summary>
    public const int MaximumFormatted = 32 << 20;

    private int _shapes = shapes;
    private int _characters = 100_000;
    private int _markup = MaximumOutput / 2;

    /// <summary>Gets whether nothing more should be read.</summary>
    public bool IsSpent => _shapes <= 0 || _characters <= 0;

    /// <summary>Gets the most items that may still be read.</summary>
    public int Items => Math.Max(1, _shapes);

    /// <summary>Charges for one value.</summary>
    public void Enter() => _shapes--;

    /// <summary>Charges for one inner value's text and cuts it.</summary>
    /// <param name="text">The text, or its start.</param>
    /// <param name="length">The whole text's length; null when <paramref name="text"/> is all of it.</param>
    public string Take(string text, long? length = null)
    {
        string cut = Cut(text, Math.Min(MaximumInnerText, Math.Max(20, _characters)), length);
        _characters -= cut.Length;
        return cut;
    }

    /// <summary>Charges for the name of a member or a column, and cuts it.</summary>
    public string TakeName(string name)
    {
        string cut = Name(name);
        _characters -= cut.Length;
        return cut;
    }

    /// <summary>Charges for markup that a formatter of the notebook's wrote; null when it has no room.</summary>
    public string? TakeMarkup(string markup)
    {
        if (markup.Length > _markup)
        {
            return null;
        }

        _markup -= markup.Length;
        return markup;
    }

    /// <summary>Cuts a text, and says how much is missing.</summary>
    public static string Cut(string text, int length, long? total = null)
    {
        long whole = total ?? text.Length;
        if (text.Length <= length && whole <= text.Length)
        {
            return text;
        }

        int end = Math.Min(length, text.Length);
        end = end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
        return string.Create(
            CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}... ({whole - end:N0} more characters)");
    }

    /// <summary>Cuts a name.</summary>
    public static string Name(string name) =>
        name.Length <= MaximumName ? name : $"{name.AsSpan(0, MaximumName - 3)}...";
}
