using System.Globalization;

namespace Research.Training.Specification;

/// <summary>Writes a double as ECMAScript does, which RFC 8785 section 3.2.2.3 asks for.</summary>
/// <remarks>
/// ECMA-262, Number::toString. The shortest digits that read back equal come from .NET's "R"; only their layout
/// differs.
/// </remarks>
internal static class CanonicalNumber
{
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException($"Expected a finite number, got {value.ToString(CultureInfo.InvariantCulture)}.");
        }

        if (value == 0)
        {
            return "0"; // also for −0
        }

        (string digits, int point) = Digits(Math.Abs(value));
        return (value < 0 ? "-" : "") + Layout(digits, point);
    }

    // value = 0.d1d2…dk × 10^point
    private static (string Digits, int Point) Digits(double value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        int exponent = exponentAt < 0 ? 0 : int.Parse(
            shortest[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        int point = (dot < 0 ? mantissa.Length : dot) + exponent;
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), point - (all.Length - digits.Length));
    }

    private static string Layout(string digits, int point)
    {
        int k = digits.Length;
        if (k <= point && point <= 21)
        {
            return digits + new string('0', point - k);
        }

        if (point is > 0 and <= 21)
        {
            return $"{digits[..point]}.{digits[point..]}";
        }

        if (point is > -6 and <= 0)
        {
            return $"0.{new string('0', -point)}{digits}";
        }

        int exponent = point - 1;
        string sign = exponent < 0 ? "-" : "+";
        string fraction = k == 1 ? "" : "." + digits[1..];
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{sign}{Math.Abs(exponent)}");
    }
}
