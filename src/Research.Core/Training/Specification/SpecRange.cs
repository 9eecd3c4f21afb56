using System.Globalization;

namespace Research.Training.Specification;

/// <summary>Range checks that name the field.</summary>
internal static class SpecRange
{
    public static void Check(long value, long least, long most, string path)
    {
        if (value < least || value > most)
        {
            throw new SpecException(
                path, $"a whole number from {least} to {most}", value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Throws unless the number lies in the interval; <paramref name="interval"/> says it in words.</summary>
    public static void Check(double value, bool inside, string interval, string path)
    {
        if (!double.IsFinite(value) || !inside)
        {
            throw new SpecException(path, interval, value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public static void CheckText(string value, int most, string path)
    {
        if (value.Length is 0 || value.Length > most)
        {
            throw new SpecException(path, $"a text of 1 to {most} characters", $"{value.Length} characters");
        }

        for (int i = 0; i < value.Length; i++)
        {
            bool pair = char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]);
            if (char.IsSurrogate(value[i]) && !pair)
            {
                throw new SpecException(path, "well-formed Unicode", $"a lone surrogate at character {i}");
            }

            i += pair ? 1 : 0;
        }
    }
}
