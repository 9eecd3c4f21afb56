namespace Research.Scripting.Packages;

/// <summary>Why a restore failed.</summary>
/// <param name="Problems">What NuGet said.</param>
/// <param name="Needed">For each package asked for too low, the version that the others need.</param>
internal sealed record RestoreFailure(
    IReadOnlyList<RestoreProblem> Problems, IReadOnlyDictionary<string, PackageVersion> Needed);
