using System.Diagnostics;
using Research.Scripting.Compilation;
using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>The packages that this host is itself made of: cells have them already, whatever a feed offers.</summary>
internal static class HostPackages
{
    private const string Family = "Research.";
    private const string NethereumFamily = "Nethereum.";

    // The package by which .NET Interactive gets the library; where the library itself is, it has nothing to add.
    private const string InteractivePackage = Family + "Interactive";

    /// <summary>Answers a request for a package that the host is made of.</summary>
    /// <returns>The package and the host's version of it; null when the host has no such assembly.</returns>
    /// <exception cref="DirectiveException">Another version of the library is asked for.</exception>
    public static (string Id, string Version)? Find(PackageRequest request)
    {
        if (IsNethereum(request.Id))
        {
            // Another version is a cell's own business: it is restored like any package, and is not the library's.
            return HostAssemblies.OfNethereum.TryGetValue(request.Id, out string? file)
                && PackageVersion.Parse(VersionOf(file)) is { } shared && request.Range.Allows(shared)
                && !(request.Range.IsOneVersion && request.Range.Lowest!.CompareTo(shared) != 0)
                    ? (request.Id, VersionOf(file))
                    : null;
        }

        if (!IsOfTheFamily(request) || AssemblyOf(request.Id) is not { } path)
        {
            return null;
        }

        string version = VersionOf(path);
        if (PackageVersion.Parse(version) is { } own && (!request.Range.Allows(own) ||
            (request.Range.IsOneVersion && request.Range.Lowest!.CompareTo(own) != 0)))
        {
            throw new DirectiveException($"{request.Id} {version} is part of this program, and the cell asks for " +
                $"{request.Version}. Name no version, or run the {request.Version} of the program.");
        }

        return (request.Id, version);
    }

    /// <summary>Tells whether a package is one of Nethereum's, of which the library's API holds types.</summary>
    public static bool IsNethereum(string id) => id.StartsWith(NethereumFamily, StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether a package is made in this repository, so that its version changes with every build.</summary>
    public static bool IsOfTheFamily(PackageRequest request) =>
        request.Id.StartsWith(Family, StringComparison.OrdinalIgnoreCase);

    private static string? AssemblyOf(string id) => HostAssemblies.PathOf(id) ??
        (id.Equals(InteractivePackage, StringComparison.OrdinalIgnoreCase) ? HostAssemblies.PathOf("Research.Core") : null);

    private static string VersionOf(string path) =>
        (FileVersionInfo.GetVersionInfo(path).ProductVersion ?? "0.0.0").Split('+')[0];
}
