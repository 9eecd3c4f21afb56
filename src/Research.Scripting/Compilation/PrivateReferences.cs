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

    /// <summary>Reads the library.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="sharesNethereum">Whether cells asked for Nethereum, and so share the library's.</param>
    public static PortableExecutableReference Read(string path, bool sharesNethereum = false)
    {
        byte[] image = File.ReadAllBytes(path);
        using (PEReader file = new(ImmutableArray.Create(image)))
        {
            MetadataReader metadata = file.GetMetadataReader();
            int names = file.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.String);
            foreach (AssemblyReference used in metadata.AssemblyReferences.Select(metadata.GetAssemblyReference))
            {
                string name = metadata.GetString(used.Name);
                if (HostAssemblies.ShareOf(name) == HostShare.None
                    && !(sharesNethereum && HostAssemblies.OfNethereum.ContainsKey(name)))
                {
                    image[names + metadata.GetHeapOffset(used.Name)] = Unanswered;
                }
            }
        }

        return AssemblyMetadata.Create(ModuleMetadata.CreateFromImage(image)).GetReference(filePath: path);
    }

    /// <summary>Says what to do about a type that the compiler misses because its assembly's name was changed.</summary>
    /// <returns>The message with the assembly's own name, or as it was.</returns>
    public static string Explain(string message)
    {
        int quote = message.IndexOf($"'{(char)Unanswered}", StringComparison.Ordinal);
        if (quote < 0)
        {
            return message;
        }

        string rest = message[(quote + 2)..].Split(',', '\'')[0];
        return HostAssemblies.OfNethereum.Keys.FirstOrDefault(name => name[1..] == rest) is { } own
            ? $"{message[..(quote + 1)]}{own[0]}{message[(quote + 2)..]} Put #r \"nuget: Nethereum.Web3\" into a cell "
                + "first: no version, so that it is the library's own."
            : message;
    }
}
