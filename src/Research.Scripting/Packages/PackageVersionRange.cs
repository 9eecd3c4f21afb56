namespace Research.Scripting.Packages;

/// <summary>The versions that a request allows: <c>1.2</c> (that or, where another package needs it, a later one),
/// <c>[1.2]</c>, <c>[1.0,2.0)</c>, <c>1.*</c> or <c>*</c>.</summary>
internal sealed record PackageVersionRange
{
    private PackageVersion? _lowest;
    private PackageVersion? _highest;
    private bool _excludesLowest;
    private bool _excludesHighest;
    private string? _prefix;

    private PackageVersionRange()
    {
    }

    /// <summary>Gets whether the request names one version, in brackets or not.</summary>
    public bool IsOneVersion { get; private init; }

    /// <summary>Gets the lowest version allowed; null where there is no such bound.</summary>
    public PackageVersion? Lowest => _lowest;

    /// <summary>Reads a range; null when the text is none.</summary>
    public static PackageVersionRange? Parse(string text)
    {
        string trimmed = text.Trim();
        return trimmed is ['[' or '(', .., ']' or ')'] ? Bracketed(trimmed)
            : trimmed.Contains('*', StringComparison.Ordinal) ? Floating(trimmed)
            : PackageVersion.Parse(trimmed) is { } version ? new() { _lowest = version, IsOneVersion = true }
            : null;
    }

    /// <summary>Tells whether a version lies in the range.</summary>
    public bool Allows(PackageVersion version)
    {
        int low = _lowest is null ? 1 : version.CompareTo(_lowest);
        int high = _highest is null ? -1 : version.CompareTo(_highest);
        return (_excludesLowest ? low > 0 : low >= 0) && (_excludesHighest ? high < 0 : high <= 0) &&
            (_prefix is null || version.ToString().StartsWith(_prefix, StringComparison.OrdinalIgnoreCase));
    }

    private static PackageVersionRange? Floating(string text)
    {
        string prefix = text[..text.IndexOf('*', StringComparison.Ordinal)];
        bool isForm = text is "*" or "*-*" ||
            ((prefix.EndsWith('.') || prefix.Contains('-', StringComparison.Ordinal)) &&
            PackageVersion.Parse(text.Replace('*', '0')) is not null);
        return isForm ? new() { _prefix = prefix } : null;
    }

    private static PackageVersionRange? Bracketed(string text)
    {
        string[] bounds = text[1..^1].Split(',');
        PackageVersion? low = PackageVersion.Parse(bounds[0].Trim().Replace('*', '0'));
        PackageVersion? high = PackageVersion.Parse(bounds[^1].Trim());
        bool isOne = bounds.Length == 1;
        bool isForm = bounds.Length <= 2 && (low ?? high) is not null &&
            (low is not null || string.IsNullOrWhiteSpace(bounds[0])) &&
            (high is not null || string.IsNullOrWhiteSpace(bounds[^1])) &&
            (!isOne || text is ['[', .., ']']) && (low is null || high is null || low.CompareTo(high) <= 0);
        return isForm ? new()
        {
            _lowest = low,
            _highest = high,
            _excludesLowest = text[0] == '(',
            _excludesHighest = text[^1] == ')',
            IsOneVersion = isOne,
        }
        : null;
    }
}
