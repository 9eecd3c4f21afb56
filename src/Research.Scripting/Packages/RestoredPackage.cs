namespace Research.Scripting.Packages;

/// <summary>A package on disk.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The version chosen.</param>
/// <param name="CompileAssemblies">Assemblies to compile against.</param>
/// <param name="RuntimeAssemblies">Assemblies to load.</param>
/// <param name="NativeLibraries">Native libraries for this machine.</param>
/// <param name="HasKernelExtension">Whether it extends .NET Interactive's kernel.</param>
internal sealed record RestoredPackage(
    string Id,
    string Version,
    IReadOnlyList<string> CompileAssemblies,
    IReadOnlyList<string> RuntimeAssemblies,
    IReadOnlyList<string> NativeLibraries,
    bool HasKernelExtension);
