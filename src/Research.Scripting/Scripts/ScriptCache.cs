using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Research.Scripting.Compilation;

namespace Research.Scripting.Scripts;

/// <summary>Keeps compiled scripts in the user's folder, so that a second run needs no compiler.</summary>
/// <remarks>
/// An entry's name is the hash of the script's path and text, of the runtime and of this library: another of any is
/// another entry. The files it loads and references are checked by content, packages by their presence (a package's
/// version never changes). What cannot be read is compiled again. The newest 200 entries stay.
/// </remarks>
internal static class ScriptCache
{
    private const int MaximumEntries = 200;
    private const string Manifest = "script.json";

    private static string Folder => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "research",
        "scripts");

    /// <summary>Finds a script as it was compiled, or null when it has changed or never ran.</summary>
    public static CompiledScript? Find(string path, string code)
    {
        string entry = Path.Combine(Folder, NameOf(path, code));
        try
        {
            return File.Exists(Path.Combine(entry, Manifest)) ? Read(entry, path, code) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Keeps a compiled script; a folder that cannot be written costs only the time.</summary>
    public static void Keep(string path, string code, CompiledScript script)
    {
        string entry = Path.Combine(Folder, NameOf(path, code));
        string temporary = $"{entry}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            for (int i = 0; i < script.Cells.Count; i++)
            {
                File.WriteAllBytes(Path.Combine(temporary, $"{i}.dll"), script.Cells[i].Pe);
                File.WriteAllBytes(Path.Combine(temporary, $"{i}.pdb"), script.Cells[i].Pdb);
            }

            File.WriteAllBytes(Path.Combine(temporary, Manifest), Write(script));
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }

            Directory.Move(temporary, entry);
            Prune();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // Another run was faster, or the folder is not ours to write.
        }
    }

    private static string NameOf(string path, string code)
    {
        string text = string.Join(
            '\n',
            path,
            Environment.Version,
            Modules(typeof(ScriptCache).Assembly),
            HostAssemblies.PathOf("Research.Core") is { } core ? File.GetLastWriteTimeUtc(core).Ticks : 0,
            code);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private static Guid Modules(Assembly assembly) => assembly.ManifestModule.ModuleVersionId;

    private static CompiledScript? Read(string entry, string path, string code)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(entry, Manifest)));
        JsonElement root = manifest.RootElement;
        List<CellSource> sources = [new CellSource(code, Path.GetFileName(path), path)];
        foreach (JsonElement source in root.GetProperty("loaded").EnumerateArray())
        {
            string loaded = source.GetProperty("path").GetString()!;
            if (Hash(loaded) != source.GetProperty("sha256").GetString())
            {
                return null;
            }

            sources.Add(new CellSource(File.ReadAllText(loaded), source.GetProperty("name").GetString()!, loaded));
        }

        List<string> originals = [];
        foreach (JsonElement original in root.GetProperty("originals").EnumerateArray())
        {
            originals.Add(original.GetProperty("path").GetString()!);
            if (Hash(originals[^1]) != original.GetProperty("sha256").GetString())
            {
                return null;
            }
        }

        string[] packages = Texts(root.GetProperty("packages"));
        string[] native = Texts(root.GetProperty("native"));
        return packages.Concat(native).All(File.Exists)
            ? new CompiledScript(
                [.. root.GetProperty("cells").EnumerateArray().Select((cell, i) => ReadCell(entry, cell, i))],
                sources,
                packages,
                originals,
                native)
            : null;
    }

    private static CellImage ReadCell(string entry, JsonElement cell, int index) => new(
        cell.GetProperty("assembly").GetString()!,
        File.ReadAllBytes(Path.Combine(entry, $"{index}.dll")),
        File.ReadAllBytes(Path.Combine(entry, $"{index}.pdb")),
        cell.GetProperty("type").GetString()!,
        cell.GetProperty("entryPoint").GetString()!,
        cell.GetProperty("slot").GetInt32(),
        Texts(cell.GetProperty("variables")));

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private static byte[] Write(CompiledScript script)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("cells");
            foreach (CellImage cell in script.Cells)
            {
                json.WriteStartObject();
                json.WriteString("assembly", cell.AssemblyName);
                json.WriteString("type", cell.TypeName);
                json.WriteString("entryPoint", cell.EntryPoint);
                json.WriteNumber("slot", cell.Slot);
                WriteTexts(json, "variables", cell.Variables);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteFiles(json, "loaded", script.Sources.Skip(1).Select(source => (source.Path!, source.Name)));
            WriteFiles(json, "originals", script.Originals.Select(path => (path, Path.GetFileName(path))));
            WriteTexts(json, "packages", script.Packages);
            WriteTexts(json, "native", script.Native);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteFiles(Utf8JsonWriter json, string name, IEnumerable<(string Path, string Name)> files)
    {
        json.WriteStartArray(name);
        foreach ((string path, string called) in files)
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteString("name", called);
            json.WriteString("sha256", Hash(path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static void Prune()
    {
        foreach (DirectoryInfo old in new DirectoryInfo(Folder).GetDirectories()
            .OrderByDescending(entry => entry.LastWriteTimeUtc).Skip(MaximumEntries))
        {
            old.Delete(recursive: true);
        }
    }
}
