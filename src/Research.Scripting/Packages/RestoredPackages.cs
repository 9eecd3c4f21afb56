namespace Research.Scripting.Packages;

/// <summary>What a restore found on disk.</summary>
/// <param name="Packages">Name and version of each package that was asked for, as restored.</param>
/// <param name="CompileAssemblies">Assemblies to compile against.</param>
/// <param name="RuntimeAssemblies">Assemblies to load.</param>
/// <param name="NativeLibraries">Native libraries for this machine.</param>
internal sealed record RestoredPackages(
    IReadOnlyList<(string Id, string Version)> Packages,
    IReadOnlyList<string> CompileAssemblies,
    IReadOnlyList<string> RuntimeAssemblies,
    IReadOnlyList<string> NativeLibraries);
