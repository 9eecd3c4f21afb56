using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Compilation;

/// <summary>The host's assemblies as the compiler sees them.</summary>
/// <remarks>Only metadata is read from each file, not the whole image: a fifth of the bytes.</remarks>
internal static class HostReferences
{
    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(
        static () => [.. HostAssemblies.AlwaysReferenced.Where(IsManaged).Select(Read)]);

    /// <summary>Gets a reference to each, shared by all sessions.</summary>
    public static ImmutableArray<MetadataReference> All => References.Value;

    /// <summary>Reads a reference; the file is not kept open.</summary>
    public static PortableExecutableReference Read(string path)
    {
        // The metadata takes the stream over and closes it.
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        ModuleMetadata module = ModuleMetadata.CreateFromStream(stream, PEStreamOptions.PrefetchMetadata);
        return AssemblyMetadata.Create(module).GetReference(filePath: path);
    }

    private static bool IsManaged(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using PEReader reader = new(stream);
        return reader.HasMetadata;
    }
}
