namespace Research.Scripting.Packages;

/// <summary>A project as built.</summary>
/// <param name="AssemblyPath">Its assembly.</param>
/// <param name="Packages">The packages it uses.</param>
internal sealed record BuiltProject(string AssemblyPath, RestoredPackages Packages);
