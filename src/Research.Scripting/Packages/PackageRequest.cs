using System.Text.RegularExpressions;

namespace Research.Scripting.Packages;

/// <summary>A package a cell asked for.</summary>
/// <param name="Id">The package's name.</param>
/// <param name="Version">A version, a range or a floating version; <c>*</c> when none was named.</param>
internal sealed partial record PackageRequest(string Id, string Version)
{
    private const int LongestId = 100; // NuGet's own limit.

    /// <summary>Gets the versions that will do.</summary>
    public PackageVersionRange Range => PackageVersionRange.Parse(Version)!;

    /// <summary>Reads <c>nuget: Id, Version</c>; null when the text is not of that form.</summary>
    public static PackageRequest? Parse(string argument)
    {
        (string id, string? version) = Split(argument);
        return !IsPackage(argument) || FaultOf(id, version) is not null ? null
            : new PackageRequest(id, version is null or "*-*" ? "*" : version);
    }

    /// <summary>Says in a sentence what is wrong with a request that <see cref="Parse"/> refused.</summary>
    public static string Fault(string argument)
    {
        (string id, string? version) = Split(argument);
        return FaultOf(id, version) ?? $"Expected #r \"nuget: Id, Version\", got {Shortened(argument)}.";
    }

    public static bool IsPackage(string argument) => argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Version == "*" ? Id : $"{Id} {Version}";

    private static (string Id, string? Version) Split(string argument)
    {
        string text = IsPackage(argument) ? argument["nuget:".Length..] : argument;
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? (text.Trim(), null) : (text[..comma].Trim(), text[(comma + 1)..].Trim());
    }

    private static string? FaultOf(string id, string? version) =>
        id.Length == 0 ? "Expected #r \"nuget: Id, Version\"; there is no id."
        : id.Length > LongestId ? $"A package id has at most {LongestId} characters; {Shortened(id)} has {id.Length}."
        : !IdForm().IsMatch(id) ? "A package id is letters, digits and _, with single dots or hyphens between them; " +
            $"got {Shortened(id)}."
        : version is not null && PackageVersionRange.Parse(version) is null
            ? $"The version of {id} should be like 1.2.3, 1.2.3-beta.1, 1.2.*, [1.0,2.0) or *; got " +
                $"{(version.Length == 0 ? "nothing" : Shortened(version))}."
        : null;

    private static string Shortened(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    [GeneratedRegex(@"^[A-Za-z0-9_]+([.\-][A-Za-z0-9_]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}
