using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Compilation;

/// <summary>The host's assemblies as the compiler sees them.</summary>
/// <remarks>
/// Only metadata is read from each file, not the whole image: a fifth of the bytes. A third of the framework's assemblies
/// only forward to others, for code that was compiled against older frameworks; each costs every cell time and memory,
/// so they come with the first <c>#r</c>.
/// </remarks>
internal static class HostReferences
{
    private static readonly Lazy<(ImmutableArray<MetadataReference> Own, ImmutableArray<MetadataReference> Forwarding)>
        References = new(ReadAll);

    private static readonly Lazy<ImmutableArray<MetadataReference>> WithNethereum = new(() =>
        [.. All.Select(reference => IsLibrary(reference.Display)
            ? PrivateReferences.Read(reference.Display!, sharesNethereum: true)
            : reference)]);

    /// <summary>Gets a reference to each that cells always need, shared by all sessions.</summary>
    public static ImmutableArray<MetadataReference> All => References.Value.Own;

    /// <summary>Gets the same, where cells share the library's Nethereum too; without Nethereum's own.</summary>
    public static ImmutableArray<MetadataReference> AllWithNethereum => WithNethereum.Value;

    /// <summary>Gets those that only code from elsewhere needs.</summary>
    public static ImmutableArray<MetadataReference> Forwarding => References.Value.Forwarding;

    /// <summary>Reads a reference; the file is not kept open.</summary>
    public static PortableExecutableReference Read(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (name == HiddenType.AssemblyName)
        {
            return HiddenType.Read(path);
        }

        if (IsLibrary(path))
        {
            return PrivateReferences.Read(path);
        }

        // The metadata takes the stream over and closes it.
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        ModuleMetadata module = ModuleMetadata.CreateFromStream(stream, PEStreamOptions.PrefetchMetadata);
        return AssemblyMetadata.Create(module).GetReference(filePath: path);
    }

    private static (ImmutableArray<MetadataReference> Own, ImmutableArray<MetadataReference> Forwarding) ReadAll()
    {
        Dictionary<string, MetadataReference> own = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, MetadataReference> forwarding = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> referenced = new(StringComparer.OrdinalIgnoreCase);
        foreach (string path in HostAssemblies.AlwaysReferenced.Where(File.Exists))
        {
            PortableExecutableReference reference = Read(path);
            if (MetadataOf(reference) is not { } metadata)
            {
                continue;
            }

            bool hasTypes = metadata.TypeDefinitions.Any(type => IsPublic(metadata.GetTypeDefinition(type)));
            (hasTypes ? own : forwarding)[Path.GetFileNameWithoutExtension(path)] = reference;
            if (hasTypes)
            {
                referenced.UnionWith(metadata.AssemblyReferences.Select(
                    used => metadata.GetString(metadata.GetAssemblyReference(used).Name)));
            }
        }

        return (
            [.. own.Values, .. forwarding.Where(pair => referenced.Contains(pair.Key)).Select(pair => pair.Value)],
            [.. forwarding.Where(pair => !referenced.Contains(pair.Key)).Select(pair => pair.Value)]);
    }

    private static bool IsLibrary(string? path) =>
        Path.GetFileNameWithoutExtension(path) == PrivateReferences.AssemblyName;

    private static bool IsPublic(TypeDefinition type) =>
        (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public;

    private static MetadataReader? MetadataOf(PortableExecutableReference reference)
    {
        try
        {
            return ((AssemblyMetadata)reference.GetMetadata()).GetModules()[0].GetMetadataReader();
        }
        catch (BadImageFormatException)
        {
            return null; // A native library of the runtime.
        }
    }
}
