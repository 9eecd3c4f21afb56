namespace Research.Scripting.Packages;

/// <summary>What a restore found on disk.</summary>
/// <param name="Packages">The packages, those that others need included.</param>
/// <param name="Frameworks">Shared frameworks that one of them needs, such as <c>Microsoft.AspNetCore.App</c>.</param>
/// <param name="Foreign">Packages made for another framework, which NuGet takes where there is nothing better.</param>
internal sealed record RestoredPackages(
    IReadOnlyList<RestoredPackage> Packages, IReadOnlyCollection<string> Frameworks, IReadOnlyList<RestoreProblem> Foreign)
{
    /// <summary>Gets the restore of nothing.</summary>
    public static RestoredPackages None { get; } = new([], [], []);

    /// <summary>Finds a package by its name; null when it is not among them.</summary>
    public RestoredPackage? Find(string id) =>
        Packages.FirstOrDefault(package => package.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
