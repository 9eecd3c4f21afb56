using System.Globalization;
using System.Text;

namespace Research.Plotting;

/// <summary>
/// Numbers as a reader expects them: grouped thousands, a true minus, powers of ten where digits run out.
/// </summary>
internal static class NumberText
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Writes a value with about four significant digits.</summary>
    public static string Value(double value)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        double size = Math.Abs(value);
        if (size == 0)
        {
            return "0";
        }

        if (size is >= 1e7 or < 1e-4)
        {
            return Scientific(value, 2);
        }

        int decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 7);
        return Fixed(value, decimals, trim: true);
    }

    /// <summary>Writes ticks alike: as many decimals as tell neighbours apart, and no more.</summary>
    public static string[] Ticks(IReadOnlyList<double> ticks)
    {
        double largest = ticks.Count == 0 ? 0 : ticks.Max(Math.Abs);
        double step = ticks.Count < 2 ? largest : ticks.Zip(ticks.Skip(1), (a, b) => b - a).Min();
        bool isCountable = step >= 1 && largest is < 1e15 and > 0 && Math.Log10(largest) - Math.Log10(step) > 4;
        if (largest is not 0 && !isCountable && (largest >= 1e7 || (ticks.Count < 2 ? largest : step) < 1e-6))
        {
            int digits = (int)Math.Clamp(Math.Floor(Math.Log10(largest)) - Math.Floor(Math.Log10(step)), 0, 12);
            return [.. ticks.Select(tick => Scientific(tick, digits))];
        }

        for (int decimals = 0; decimals < 12; decimals++)
        {
            if (ticks.All(tick => Math.Abs(Math.Round(tick, decimals) - tick) <= Math.Max(step, 1e-12) * 1e-3))
            {
                return [.. ticks.Select(tick => Fixed(tick, decimals, trim: false))];
            }
        }

        return [.. ticks.Select(Value)];
    }

    /// <summary>Writes ticks of a logarithmic axis, which lie decades apart.</summary>
    public static string LogTick(double value) =>
        value is >= 1e-3 and < 1e5 ? Fixed(value, 6, trim: true) : Scientific(value, 2);

    /// <summary>Writes a coordinate: at most two decimals, invariant.</summary>
    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Fixed(double value, int decimals, bool trim)
    {
        string text = Math.Abs(value)
            .ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (trim && decimals > 0)
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        bool negative = value < 0 && text.Any(c => c is >= '1' and <= '9');
        return negative ? "−" + text : text;
    }

    private static string Scientific(double value, int decimals)
    {
        if (value == 0)
        {
            return "0";
        }

        string[] parts = Math.Abs(value)
            .ToString("E" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            .Split('E');
        string mantissa =
            parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        StringBuilder text = new(value < 0 ? "−" : "");
        text.Append(mantissa == "1" ? "10" : mantissa + "×10");
        text.Append(exponent < 0 ? "⁻" : "");
        foreach (char digit in Math.Abs(exponent).ToString(CultureInfo.InvariantCulture))
        {
            text.Append(Superscripts[digit - '0']);
        }

        return text.ToString();
    }
}
