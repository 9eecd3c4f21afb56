namespace Research.Scripting.Packages;

/// <summary>A set of packages as restored.</summary>
/// <param name="Set">The set, less the sources that could not be reached, with versions as raised.</param>
/// <param name="Packages">What is on disk.</param>
/// <param name="Notes">What the user should hear of it, a sentence each.</param>
internal sealed record ResolvedPackages(PackageSet Set, RestoredPackages Packages, IReadOnlyList<string> Notes);
