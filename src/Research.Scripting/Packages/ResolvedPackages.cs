namespace Research.Scripting.Packages;

/// <summary>What became of restoring a set of packages.</summary>
/// <param name="Set">The set, less the sources that could not be reached, with versions as raised.</param>
/// <param name="Packages">What is on disk; null where it failed.</param>
/// <param name="Notes">What the user should hear of it, a sentence each.</param>
/// <param name="Refusal">Why it failed, or null.</param>
internal sealed record ResolvedPackages(
    PackageSet Set, RestoredPackages? Packages, IReadOnlyList<string> Notes, string? Refusal);
