namespace Research.Privacy.Accounting;

/// <summary>Checks of what a plan is made of; the name that they blame is the constructor's.</summary>
internal static class Parameter
{
    /// <summary>Refuses what is not a finite number above 0.</summary>
    public static double Positive(double value, string property) => value > 0 && double.IsFinite(value)
        ? value
        : throw Wrong(property, value, "a finite number above 0");

    /// <summary>Refuses what is not a rate in (0, 1).</summary>
    public static double Rate(double value, string property) => value is > 0 and < 1
        ? value
        : throw Wrong(property, value, "a rate above 0 and below 1");

    /// <summary>Refuses a number outside a closed range.</summary>
    public static int Within(int value, int least, int most, string property) => value >= least && value <= most
        ? value
        : throw Wrong(property, value, most == int.MaxValue ? $"{least} or more" : $"a number from {least} to {most}");

    /// <summary>Refuses a number below the least.</summary>
    public static int AtLeast(int value, int least, string property) => Within(value, least, int.MaxValue, property);

    private static ArgumentOutOfRangeException Wrong(string property, object value, string expected) =>
        new(char.ToLowerInvariant(property[0]) + property[1..], value, $"Expected {expected}.");
}
