namespace Research.Scripting.Packages;

/// <summary>A project as built.</summary>
/// <param name="AssemblyPath">Its assembly; those of the projects it references lie beside.</param>
/// <param name="Packages">The packages that it and those projects use.</param>
internal sealed record BuiltProject(string AssemblyPath, RestoredPackages Packages)
{
    /// <summary>Gets the lowest versions with which a session's own packages must go together.</summary>
    public IEnumerable<PackageRequest> Needs =>
        Packages.Packages.Select(package => new PackageRequest(package.Id, package.Version));
}
