using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Research.Plotting;

/// <summary>One column of a <see cref="ResultTable"/>: its heading and the texts of its cells.</summary>
internal sealed class ResultColumn
{
    private ResultColumn(string heading, string[] cells, bool isNumeric)
    {
        Heading = heading;
        Cells = cells;
        IsNumeric = isNumeric;
        Width = cells.Append(heading).Max(Length);
    }

    public string Heading { get; }

    public IReadOnlyList<string> Cells { get; }

    public bool IsNumeric { get; }

    public int Width { get; }

    // Jupyter's own style sheet sets all cells right.
    public string Style => IsNumeric ? " style=\"text-align:right\"" : " style=\"text-align:left\"";

    public static ResultColumn Of(string name, object?[] values) => new(
        PlainText.Clean(Words(name)),
        [.. values.Select(value => PlainText.Clean(Text(value)))],
        values.Any(value => value is not null) && values.All(value => value is null || IsNumber(value)));

    public string Pad(string cell)
    {
        string space = new(' ', Math.Max(0, Width - Length(cell)));
        return IsNumeric ? space + cell : cell + space;
    }

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static bool IsNumber(object value) =>
        value is float or double or decimal or BigInteger
            or int or long or uint or ulong or short or ushort or byte or sbyte;

    private static string Text(object? value) => value switch
    {
        null => "–",
        string text => text,
        bool yes => yes ? "yes" : "no",
        float or double or decimal => NumberText.Value(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IFormattable number when IsNumber(number) =>
            number.ToString("N0", CultureInfo.InvariantCulture).Replace('-', '−'),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "–",
    };

    // HeldOutLoss -> held out loss; SHA256 and ε stay.
    private static string Words(string name)
    {
        StringBuilder words = new();
        for (int i = 0; i < name.Length; i++)
        {
            bool starts = char.IsUpper(name[i]) && (i == 0 || !char.IsUpper(name[i - 1]));
            bool isAcronym = i + 1 < name.Length && !char.IsLower(name[i + 1]);
            words.Append(starts && i > 0 && name[i - 1] != '_' ? " " : "")
                .Append(name[i] == '_' ? ' ' : starts && !isAcronym ? char.ToLowerInvariant(name[i]) : name[i]);
        }

        return words.ToString();
    }
}
