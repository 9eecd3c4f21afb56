using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Compilation;

/// <summary>The library as cells see it: what it uses itself (CsvHelper, Nethereum) has names that nothing answers to.</summary>
/// <remarks>
/// A package that a cell adds would otherwise be the answer to a reference of the library that nothing answered before.
/// The compiler then makes all of the library's types anew, and a variable of an earlier cell has a type that the
/// library's methods no longer take. Only the copy of the metadata that the compiler reads is changed.
/// </remarks>
internal static class PrivateReferences
{
    private const byte Unanswered = (byte)'~';

    public const string AssemblyName = "Research.Core";

    public static PortableExecutableReference Read(string path)
    {
        byte[] image = File.ReadAllBytes(path);
        using (PEReader file = new(ImmutableArray.Create(image)))
        {
            MetadataReader metadata = file.GetMetadataReader();
            int names = file.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.String);
            foreach (AssemblyReference used in metadata.AssemblyReferences.Select(metadata.GetAssemblyReference))
            {
                string name = metadata.GetString(used.Name);
                if (HostAssemblies.ShareOf(name) == HostShare.None)
                {
                    image[names + metadata.GetHeapOffset(used.Name)] = Unanswered;
                }
            }
        }

        return AssemblyMetadata.Create(ModuleMetadata.CreateFromImage(image)).GetReference(filePath: path);
    }
}
