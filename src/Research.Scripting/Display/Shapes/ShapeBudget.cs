using System.Globalization;

namespace Research.Scripting.Display.Shapes;

/// <summary>Bounds what one output shows, whatever the value: a page must not freeze.</summary>
internal sealed class ShapeBudget(int shapes = 4_000)
{
    /// <summary>The most members shown of one object, and columns of one table.</summary>
    public const int MaximumMembers = 60;

    /// <summary>The longest text that a value inside another one may have.</summary>
    public const int MaximumInnerText = 2_000;

    /// <summary>The longest text of a value on its own.</summary>
    public const int MaximumText = 200_000;

    private int _shapes = shapes;
    private int _characters = 100_000;

    /// <summary>Gets whether nothing more should be read.</summary>
    public bool IsSpent => _shapes <= 0 || _characters <= 0;

    /// <summary>Charges for one inner value's text and cuts it.</summary>
    public string Take(string text)
    {
        string cut = Cut(text, Math.Min(MaximumInnerText, Math.Max(20, _characters)));
        _shapes--;
        _characters -= cut.Length;
        return cut;
    }

    /// <summary>Cuts a text, and says how much is missing.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return string.Create(
            CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}... ({text.Length - end:N0} more characters)");
    }
}
