using System.Text.RegularExpressions;

namespace Research.Scripting.Packages;

/// <summary>A NuGet version: up to four numbers and a pre-release label.</summary>
/// <remarks>Ordered as SemVer 2.0.0, clause 11, orders: a label is lower than none, its parts compare as numbers where
/// both are. What follows a <c>+</c> is no part of it.</remarks>
internal sealed partial record PackageVersion(Version Numbers, string Label) : IComparable<PackageVersion>
{
    /// <summary>Reads a version such as <c>1.2</c> or <c>1.0.0-beta.1+build</c>; null when the text is none.</summary>
    public static PackageVersion? Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }

        int[] numbers = new int[4];
        string[] given = match.Groups["numbers"].Value.Split('.');
        for (int i = 0; i < given.Length; i++)
        {
            if (!int.TryParse(given[i], out numbers[i]))
            {
                return null;
            }
        }

        return new PackageVersion(
            new Version(numbers[0], numbers[1], numbers[2], numbers[3]), match.Groups["label"].Value);
    }

    /// <inheritdoc/>
    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        int numbers = Numbers.CompareTo(other.Numbers);
        return numbers != 0 ? numbers
            : Label.Length == 0 || other.Label.Length == 0 ? other.Label.Length.CompareTo(Label.Length)
            : CompareLabels(Label.Split('.'), other.Label.Split('.'));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        (Numbers.Revision > 0 ? Numbers.ToString(4) : Numbers.ToString(3)) + (Label.Length > 0 ? $"-{Label}" : "");

    private static int CompareLabels(string[] left, string[] right)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            bool isNumber = int.TryParse(left[i], out int number);
            bool isOtherNumber = int.TryParse(right[i], out int otherNumber);
            int order = isNumber && isOtherNumber ? number.CompareTo(otherNumber)
                : isNumber != isOtherNumber ? (isNumber ? -1 : 1)
                : string.Compare(left[i], right[i], StringComparison.OrdinalIgnoreCase);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    [GeneratedRegex(
        @"^(?<numbers>\d{1,9}(\.\d{1,9}){0,3})(-(?<label>[0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+[0-9A-Za-z.\-]+)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
