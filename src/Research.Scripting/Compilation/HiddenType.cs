using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Compilation;

/// <summary>The formatting package as cells see it: without its <c>System.DisplayExtensions</c>.</summary>
/// <remarks>
/// Extension methods of one signature in two open namespaces are an ambiguity that nothing in C# resolves, and
/// this library's own are the ones that work (<c>DisplayExtensions</c> says why). Only the copy of the metadata that the
/// compiler reads is changed: there the class is internal.
/// </remarks>
internal static class HiddenType
{
    public const string AssemblyName = "Microsoft.DotNet.Interactive.Formatting";

    public static PortableExecutableReference Read(string path)
    {
        byte[] image = File.ReadAllBytes(path);
        using (PEReader file = new(ImmutableArray.Create(image)))
        {
            MetadataReader metadata = file.GetMetadataReader();
            int row = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).TakeWhile(type =>
                metadata.GetString(type.Namespace) != "System" ||
                metadata.GetString(type.Name) != "DisplayExtensions").Count();
            if (row < metadata.TypeDefinitions.Count)
            {
                // ECMA-335 II.22.37: a row of TypeDef starts with its four bytes of flags.
                int offset = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.TypeDef) +
                    (row * metadata.GetTableRowSize(TableIndex.TypeDef));
                Span<byte> flags = image.AsSpan(offset, sizeof(int));
                BinaryPrimitives.WriteInt32LittleEndian(flags, BinaryPrimitives.ReadInt32LittleEndian(flags) &
                    ~(int)TypeAttributes.VisibilityMask);
            }
        }

        return AssemblyMetadata.Create(ModuleMetadata.CreateFromImage(image)).GetReference(filePath: path);
    }
}
