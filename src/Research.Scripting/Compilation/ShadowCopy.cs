using System.Security.Cryptography;

namespace Research.Scripting.Compilation;

/// <summary>Copies of the user's own assemblies, so that a loaded one can still be rebuilt.</summary>
internal static class ShadowCopy
{
    private static readonly Lazy<string> Folder = new(Create);

    /// <summary>Copies an assembly and its symbols, once for each content.</summary>
    /// <returns>The copy's path.</returns>
    public static string Of(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string folder = Path.Combine(Folder.Value, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        string copy = Path.Combine(folder, Path.GetFileName(path));
        if (File.Exists(copy))
        {
            return copy;
        }

        Directory.CreateDirectory(folder);
        string symbols = Path.ChangeExtension(path, ".pdb");
        if (File.Exists(symbols))
        {
            File.Copy(symbols, Path.ChangeExtension(copy, ".pdb"), overwrite: true);
        }

        File.WriteAllBytes(copy, bytes);
        return copy;
    }

    private static string Create()
    {
        string folder = Directory.CreateTempSubdirectory("research-assemblies-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
        return folder;
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // Windows keeps a loaded file until the process has gone: the temporary folder is the system's then.
        }
    }
}
