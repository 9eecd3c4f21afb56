using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Research.Scripting.Compilation;

/// <summary>Finds the assemblies beside one of the user's that it needs, and that those need.</summary>
internal static class BesideAssemblies
{
    /// <summary>Gets the name of an assembly; null where the file is none.</summary>
    public static AssemblyName? NameOf(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Finds them, without the one given.</summary>
    /// <returns>Name and file of each.</returns>
    public static IReadOnlyDictionary<string, string> Of(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        Dictionary<string, string> found = new(StringComparer.OrdinalIgnoreCase);
        Queue<string> waiting = new([path]);
        while (waiting.TryDequeue(out string? next))
        {
            foreach (string name in ReferencesOf(next))
            {
                string beside = Path.Combine(folder, name + ".dll");
                if (!found.ContainsKey(name) && beside != path && File.Exists(beside) && NameOf(beside) is not null)
                {
                    found[name] = beside;
                    waiting.Enqueue(beside);
                }
            }
        }

        return found;
    }

    private static string[] ReferencesOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using PEReader image = new(stream);
        MetadataReader metadata = image.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.Select(
                used => metadata.GetString(metadata.GetAssemblyReference(used).Name)),
        ];
    }
}
