using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Compilation;

/// <summary>The assemblies that the host can load: the framework's and the application's own.</summary>
/// <remarks>
/// A cell always gets the host's copy of these, so that a type a notebook passes to the library is the library's type.
/// Only metadata is read from each file, not the whole image: a fifth of the bytes.
/// </remarks>
internal static class HostReferences
{
    private static readonly Lazy<ImmutableDictionary<string, string>> Paths = new(FindPaths);
    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(ReadAll);

    /// <summary>Gets a reference to each, shared by all sessions.</summary>
    public static ImmutableArray<MetadataReference> All => References.Value;

    /// <summary>Finds the host's assembly of a simple name.</summary>
    /// <param name="simpleName">For example <c>Research.Core</c>.</param>
    /// <returns>The file's path, or null.</returns>
    public static string? PathOf(string simpleName) => Paths.Value.GetValueOrDefault(simpleName);

    public static PortableExecutableReference Read(string path)
    {
        // The metadata takes the stream over and closes it.
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        ModuleMetadata module = ModuleMetadata.CreateFromStream(stream, PEStreamOptions.PrefetchMetadata);
        return AssemblyMetadata.Create(module).GetReference(filePath: path);
    }

    private static ImmutableDictionary<string, string> FindPaths()
    {
        ImmutableDictionary<string, string>.Builder paths =
            ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        foreach (string path in trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }

        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!assembly.IsDynamic && assembly.Location.Length > 0 &&
                System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(assembly) ==
                System.Runtime.Loader.AssemblyLoadContext.Default)
            {
                paths.TryAdd(assembly.GetName().Name!, assembly.Location);
            }
        }

        return paths.ToImmutable();
    }

    private static ImmutableArray<MetadataReference> ReadAll() =>
        [.. Paths.Value.Values.Order(StringComparer.Ordinal).Where(IsManaged).Select(Read)];

    private static bool IsManaged(string path)
    {
        string name = Path.GetFileName(path);
        if (name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || !File.Exists(path))
        {
            return false; // The compiler's own 20 MB are no notebook's business; #r still finds them.
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using PEReader reader = new(stream);
        return reader.HasMetadata;
    }
}
