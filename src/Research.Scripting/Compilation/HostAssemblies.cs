using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace Research.Scripting.Compilation;

/// <summary>The assemblies that cells share with the host: the framework, the library, and the formatting package.</summary>
/// <remarks>
/// A cell always gets the host's copy of these, so that a type a notebook passes to the library is the library's type.
/// What else the host is made of (the compiler, the command line's packages) is its own business: cells see none of it
/// unless they ask, and may ask for another version.
/// </remarks>
internal static class HostAssemblies
{
    private const string NethereumRoot = "Nethereum.Web3";
    private const string AspNetFolder = "Microsoft.AspNetCore.App";

    // A test computes from the public signatures of the library that there are no others.
    private static readonly string[] Ours =
        ["Microsoft.AspNetCore.Html.Abstractions", "Microsoft.DotNet.Interactive.Formatting"];

    private static readonly Lazy<ImmutableDictionary<string, string>> Paths = new(FindPaths);
    private static readonly Lazy<ImmutableDictionary<string, string>> Nethereum = new(FindNethereum);

    /// <summary>Gets the files that every cell references.</summary>
    public static IEnumerable<string> AlwaysReferenced =>
        Paths.Value.Values.Where(IsAlwaysReferenced).Order(StringComparer.Ordinal);

    /// <summary>Gets the files of ASP.NET Core, which only those who ask reference.</summary>
    public static IEnumerable<string> OfAspNet =>
        Paths.Value.Values.Where(path => !IsAlwaysReferenced(path)).Order(StringComparer.Ordinal);

    /// <summary>Gets the files of Nethereum, which the library gives to those who know it, and of all that it is made
    /// of, by simple name; only those who ask reference them.</summary>
    public static ImmutableDictionary<string, string> OfNethereum => Nethereum.Value;

    /// <summary>Finds the host's assembly of a simple name, for cells to share.</summary>
    /// <param name="simpleName">For example <c>Research.Core</c>.</param>
    /// <returns>The file's path, or null.</returns>
    public static string? PathOf(string simpleName) => Paths.Value.GetValueOrDefault(simpleName);

    /// <summary>Tells how cells share an assembly with the host.</summary>
    public static HostShare ShareOf(string simpleName) =>
        PathOf(simpleName) is not { } path ? HostShare.None
        : IsOurs(Path.GetFileNameWithoutExtension(path)) ? HostShare.Library
        : FolderOf(path) == AspNetFolder ? HostShare.AspNet
        : HostShare.Framework;

    private static ImmutableDictionary<string, string> FindPaths()
    {
        ImmutableDictionary<string, string>.Builder paths =
            ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in Trusted())
        {
            if (IsShared(path))
            {
                paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
            }
        }

        foreach (Assembly assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (!assembly.IsDynamic && assembly.Location.Length > 0 && IsShared(assembly.Location))
            {
                paths.TryAdd(assembly.GetName().Name!, assembly.Location);
            }
        }

        return paths.ToImmutable();
    }

    private static ImmutableDictionary<string, string> FindNethereum()
    {
        Dictionary<string, string> trusted = Trusted()
            .Where(path => FolderOf(path) != "Microsoft.NETCore.App")
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(paths => paths.Key!, paths => paths.First(), StringComparer.OrdinalIgnoreCase);
        ImmutableDictionary<string, string>.Builder found =
            ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        Queue<string> waiting = new([NethereumRoot]);
        while (waiting.TryDequeue(out string? name))
        {
            if (trusted.TryGetValue(name, out string? path) && found.TryAdd(name, path))
            {
                using PEReader file = new(File.OpenRead(path));
                MetadataReader metadata = file.GetMetadataReader();
                foreach (AssemblyReferenceHandle used in metadata.AssemblyReferences)
                {
                    waiting.Enqueue(metadata.GetString(metadata.GetAssemblyReference(used).Name));
                }
            }
        }

        return found.ToImmutable();
    }

    private static string[] Trusted() => (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsShared(string path) => IsOurs(Path.GetFileNameWithoutExtension(path)) || IsFramework(path);

    private static bool IsOurs(string name) =>
        name.StartsWith("Research.", StringComparison.Ordinal) || name == "research" || Ours.Contains(name);

    private static bool IsFramework(string path) => FolderOf(path) is "Microsoft.NETCore.App" or AspNetFolder;

    private static string? FolderOf(string path) => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)));

    // ASP.NET is there for those who name it; a notebook that serves no web pages need not pay for its 130 assemblies.
    private static bool IsAlwaysReferenced(string path) =>
        FolderOf(path) != AspNetFolder || IsOurs(Path.GetFileNameWithoutExtension(path));
}
