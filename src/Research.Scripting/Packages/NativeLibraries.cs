using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Research.Scripting.Packages;

/// <summary>Lets assemblies of restored packages find their native libraries.</summary>
internal static class NativeLibraries
{
    private static readonly ConcurrentDictionary<string, string> Paths = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<AssemblyLoadContext, bool> Contexts = new();
    private static int _installed;

    public static void Add(IEnumerable<string> libraries)
    {
        foreach (string library in libraries)
        {
            Paths[Path.GetFileNameWithoutExtension(library)] = library;
        }

        if (!Paths.IsEmpty && Interlocked.Exchange(ref _installed, 1) == 0)
        {
            AppDomain.CurrentDomain.AssemblyLoad += (_, load) => Watch(load.LoadedAssembly);
        }
    }

    private static void Watch(Assembly assembly)
    {
        if (AssemblyLoadContext.GetLoadContext(assembly) is { } context && Contexts.TryAdd(context, true))
        {
            context.ResolvingUnmanagedDll += Resolve;
        }
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        string plain = name.EndsWith(".so", StringComparison.Ordinal)
            ? name[..^3] : name;
        foreach (string candidate in (string[])[plain, "lib" + plain, name])
        {
            if (Paths.TryGetValue(candidate, out string? path) && NativeLibrary.TryLoad(path, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
