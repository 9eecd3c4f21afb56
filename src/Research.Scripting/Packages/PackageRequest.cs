using System.Text.RegularExpressions;

namespace Research.Scripting.Packages;

/// <summary>A package a cell asked for.</summary>
/// <param name="Id">The package's name.</param>
/// <param name="Version">A version, a range or a floating version; <c>*</c> when none was named.</param>
internal sealed partial record PackageRequest(string Id, string Version)
{
    /// <summary>Reads <c>nuget: Id, Version</c>; null when the text is not of that form.</summary>
    public static PackageRequest? Parse(string argument)
    {
        Match match = Form().Match(argument);
        return match.Success
            ? new PackageRequest(match.Groups["id"].Value,
                match.Groups["version"] is { Success: true, Value: not "*-*" } version ? version.Value : "*")
            : null;
    }

    public static bool IsPackage(string argument) => argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"^nuget:\s*(?<id>[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99})\s*" +
        @"(,\s*(?<version>[A-Za-z0-9.*+\-\[\]\(\), ]{1,64}?)\s*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
