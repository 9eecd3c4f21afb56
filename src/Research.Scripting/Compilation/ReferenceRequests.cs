using System.Collections.Immutable;
using Research.Scripting.Packages;

namespace Research.Scripting.Compilation;

/// <summary>All that a session's cells asked to reference.</summary>
/// <remarks>A value: what cannot be had changes nothing.</remarks>
internal sealed record ReferenceRequests
{
    /// <summary>Gets what a session starts with.</summary>
    public static ReferenceRequests None { get; } = new();

    /// <summary>Gets the packages asked for.</summary>
    public PackageSet Packages { get; init; } = PackageSet.Empty;

    /// <summary>Gets those packages, and what projects use, as restored together.</summary>
    public RestoredPackages Restored { get; init; } = RestoredPackages.None;

    /// <summary>Gets the projects as built, by their path.</summary>
    public ImmutableDictionary<string, BuiltProject> Projects { get; init; } =
        ImmutableDictionary<string, BuiltProject>.Empty;

    /// <summary>Gets the user's own assemblies, by simple name.</summary>
    public ImmutableDictionary<string, PlannedAssembly> Files { get; init; } =
        ImmutableDictionary.Create<string, PlannedAssembly>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the assemblies that lie beside those and that they need, by simple name.</summary>
    public ImmutableDictionary<string, PlannedAssembly> Beside { get; init; } =
        ImmutableDictionary.Create<string, PlannedAssembly>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets whether a cell asked for ASP.NET Core.</summary>
    public bool AspNet { get; init; }

    /// <summary>Gets whether a cell asked for Nethereum, in the library's version.</summary>
    public bool Nethereum { get; init; }

    /// <summary>Gets whether a cell named an assembly of the host's own: it may be one that only forwards to
    /// others.</summary>
    public bool Forwarding { get; init; }

    /// <summary>Gets the namespaces that an SDK opens.</summary>
    public ImmutableList<string> Imports { get; init; } = [];
}
