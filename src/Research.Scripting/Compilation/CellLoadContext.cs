using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Research.Scripting.Compilation;

/// <summary>Where a session's code lives: its cells, and the assemblies they asked for.</summary>
/// <remarks>
/// What a cell references is looked up here first, then in the host. So a notebook gets the version of a package that it
/// named, also where the host happens to use another, and neither sees the other's.
/// </remarks>
internal sealed class CellLoadContext() : AssemblyLoadContext("cells", isCollectible: false)
{
    private readonly Dictionary<string, Assembly> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _originals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _nativePaths = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _folders = [];
    private readonly Lock _gate = new();

    /// <summary>Loads a cell and finds its entry point.</summary>
    public Func<object?[], Task<object?>> Load(CellImage image)
    {
        using MemoryStream pe = new(image.Pe, writable: false);
        using MemoryStream pdb = new(image.Pdb, writable: false);
        Assembly assembly = LoadFromStream(pe, pdb);
        lock (_gate)
        {
            _cells[image.AssemblyName] = assembly;
        }

        Type type = assembly.GetType(image.TypeName, throwOnError: true)!;
        MethodInfo entry = type.GetMethod(
            image.EntryPoint, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return entry.CreateDelegate<Func<object?[], Task<object?>>>();
    }

    /// <summary>Gets a loaded cell's type.</summary>
    public Type TypeOf(CellImage image)
    {
        lock (_gate)
        {
            return _cells[image.AssemblyName].GetType(image.TypeName, throwOnError: true)!;
        }
    }

    /// <summary>Names the file of an assembly that cells may need.</summary>
    /// <param name="simpleName">Its name.</param>
    /// <param name="path">The file; it is loaded when first needed.</param>
    public void AddAssembly(string simpleName, string path)
    {
        lock (_gate)
        {
            _paths[simpleName] = path;
        }

        LentAssemblies.Offer(this, simpleName);
    }

    /// <summary>Gets a package's assembly, loaded here once; null for one that nobody named.</summary>
    public Assembly? Share(string simpleName) => PathOf(simpleName) is { } path ? LoadFromAssemblyPath(path) : null;

    /// <summary>Gets the file that was named, or null.</summary>
    public string? PathOf(string simpleName)
    {
        lock (_gate)
        {
            return _paths.GetValueOrDefault(simpleName);
        }
    }

    /// <summary>Copies the user's own assembly aside, and names the copy.</summary>
    /// <returns>The copy's path.</returns>
    public string AddCopy(string simpleName, string original)
    {
        string copy = ShadowCopy.Of(original);
        lock (_gate)
        {
            _paths[simpleName] = copy;
            _originals[simpleName] = original;
        }

        AddFolder(Path.GetDirectoryName(original)!);
        return copy;
    }

    /// <summary>Names the files of all assemblies and native libraries that cells may need, in place of those named
    /// before.</summary>
    public void Replace(IReadOnlyCollection<PlannedAssembly> assemblies, IEnumerable<string> nativeLibraries)
    {
        lock (_gate)
        {
            _paths.Clear();
            _originals.Clear();
            foreach (PlannedAssembly assembly in assemblies)
            {
                if (assembly.RuntimePath is { } path)
                {
                    _paths[assembly.Name] = path;
                }

                if (assembly.Original is { } original)
                {
                    _originals[assembly.Name] = original;
                    AddFolder(Path.GetDirectoryName(original)!);
                }
            }

            foreach (string path in nativeLibraries)
            {
                AddNativeLibrary(path);
            }
        }

        foreach (PlannedAssembly assembly in assemblies)
        {
            LentAssemblies.Offer(this, assembly.Name);
        }
    }

    /// <summary>Gets all that was named so far: packages' assemblies, the user's own, native libraries.</summary>
    public (string[] Packages, string[] Originals, string[] Native) Named()
    {
        lock (_gate)
        {
            return (
                [.. _paths.Where(path => !_originals.ContainsKey(path.Key)).Select(path => path.Value)],
                [.. _originals.Values],
                [.. _nativePaths.Values]);
        }
    }

    /// <summary>Adds a folder where assemblies that nobody named are looked for.</summary>
    public void AddFolder(string folder)
    {
        lock (_gate)
        {
            if (!_folders.Contains(folder))
            {
                _folders.Add(folder);
            }
        }
    }

    /// <summary>Names the file of a native library that a package brought.</summary>
    public void AddNativeLibrary(string path)
    {
        lock (_gate)
        {
            _nativePaths[Path.GetFileNameWithoutExtension(path)] = path;
        }
    }

    /// <summary>Gets the assembly of this name that is loaded here already, or null.</summary>
    public Assembly? Loaded(string simpleName) => Assemblies.FirstOrDefault(
        assembly => string.Equals(assembly.GetName().Name, simpleName, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        lock (_gate)
        {
            if (_cells.TryGetValue(name, out Assembly? cell))
            {
                return cell;
            }

            if (_paths.TryGetValue(name, out string? path))
            {
                if (LentAssemblies.IsHosts(name, path))
                {
                    return null;
                }

                return LentAssemblies.Of(this, name, path) ?? LoadFromAssemblyPath(path);
            }

            if (HostAssemblies.PathOf(name) is not null)
            {
                return null;
            }

            return _folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists) is { } beside
                ? LoadFromAssemblyPath(ShadowCopy.Of(beside))
                : null;
        }
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string plain = Path.GetFileNameWithoutExtension(unmanagedDllName);
        foreach (string candidate in (string[])[unmanagedDllName, plain, "lib" + unmanagedDllName, "lib" + plain])
        {
            string? path;
            lock (_gate)
            {
                path = _nativePaths.GetValueOrDefault(candidate);
            }

            if (path is not null && NativeLibrary.TryLoad(path, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
