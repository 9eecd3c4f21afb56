using System.Reflection;
using Microsoft.CodeAnalysis;
using Research.Scripting.Directives;
using Research.Scripting.Packages;

namespace Research.Scripting.Compilation;

/// <summary>The assemblies that <c>#r</c> added to those of the host.</summary>
internal sealed class SessionReferences(CellLoadContext context)
{
    private readonly Dictionary<string, AddedReference> _added = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<PackageRequest> _packages = [];
    private readonly List<string> _sources = [];
    private MetadataReference[] _snapshot = [];

    /// <summary>Gets the references added so far.</summary>
    public IReadOnlyList<MetadataReference> Added => _snapshot;

    /// <summary>Gets the packages restored so far, with the versions chosen.</summary>
    public IReadOnlyList<(string Id, string Version)> Packages { get; private set; } = [];

    public void AddSource(string source) => _sources.Add(source);

    /// <summary>Adds an assembly by path or name; the host's copy wins, even over a file that does not exist.</summary>
    /// <exception cref="DirectiveException">There is no such assembly.</exception>
    public void AddAssembly(string argument, string folder)
    {
        bool isPath = argument.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ||
            argument.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);
        string simpleName = isPath
            ? Path.GetFileNameWithoutExtension(argument.Replace('\\', '/'))
            : argument.Split(',')[0].Trim();
        if (HostAssemblies.PathOf(simpleName) is { } hostPath)
        {
            if (!HostReferences.All.Any(reference => reference.Display == hostPath))
            {
                Add(simpleName, hostPath);
            }

            return;
        }

        string path = Path.GetFullPath(Path.Combine(folder, argument.Replace('\\', '/')));
        if (!File.Exists(path))
        {
            throw new DirectiveException(isPath
                ? $"There is no assembly at {path}. (#r paths are relative to {folder})"
                : $"The host has no assembly named {simpleName}, and there is no file at {path}.");
        }

        AddFile(path);
    }

    /// <summary>Builds a project and adds its assembly with all that it needs.</summary>
    public async Task AddProjectAsync(string argument, string folder, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(Path.Combine(folder, argument.Replace('\\', '/')));
        BuiltProject built = await ProjectBuild.RunAsync(path, cancellationToken).ConfigureAwait(false);
        AddPackages(built.Packages);
        AddFile(built.AssemblyPath);
    }

    /// <summary>Restores a package together with those asked for before.</summary>
    public async Task AddPackageAsync(PackageRequest request, string folder, CancellationToken cancellationToken)
    {
        List<PackageRequest> requests =
        [
            .. _packages.Where(known => !known.Id.Equals(request.Id, StringComparison.OrdinalIgnoreCase)), request,
        ];
        RestoredPackages restored = await PackageRestore.RunAsync(requests, _sources, folder, cancellationToken)
            .ConfigureAwait(false);
        AddPackages(restored);
        _packages.Clear();
        _packages.AddRange(requests);
        Packages = restored.Packages;
    }

    private void AddPackages(RestoredPackages restored)
    {
        Dictionary<string, string> runtime = new(StringComparer.OrdinalIgnoreCase);
        foreach (string path in restored.RuntimeAssemblies)
        {
            runtime[Path.GetFileNameWithoutExtension(path)] = path;
        }

        string[] wanted = [.. runtime.Where(assembly => !IsHosts(assembly.Key, assembly.Value)).Select(pair => pair.Key)];
        foreach (string name in wanted)
        {
            RefuseOtherVersion(name, runtime[name]);
        }

        foreach (string name in wanted)
        {
            context.AddAssembly(name, runtime[name]);
        }

        foreach (string path in restored.NativeLibraries)
        {
            context.AddNativeLibrary(path);
        }

        foreach (string path in restored.CompileAssemblies)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (!IsHosts(name, runtime.GetValueOrDefault(name, path)))
            {
                Add(name, path);
            }
        }
    }

    // As the SDK resolves it: the framework's copy, unless the package has a newer one; the library's always.
    private static bool IsHosts(string simpleName, string path)
    {
        if (HostAssemblies.PathOf(simpleName) is not { } host)
        {
            return false;
        }

        return simpleName.StartsWith("Research.", StringComparison.OrdinalIgnoreCase) ||
            simpleName.StartsWith("Microsoft.DotNet.Interactive", StringComparison.OrdinalIgnoreCase) ||
            AssemblyName.GetAssemblyName(host).Version >= AssemblyName.GetAssemblyName(path).Version;
    }

    private void RefuseOtherVersion(string simpleName, string path)
    {
        Version? loaded = context.Loaded(simpleName)?.GetName().Version;
        Version? wanted = loaded is null ? null : AssemblyName.GetAssemblyName(path).Version;
        if (loaded != wanted)
        {
            throw new DirectiveException($"{simpleName} {loaded} is loaded already, and this needs {wanted}. " +
                "Restart, and reference this package first.");
        }
    }

    private void AddFile(string path)
    {
        AssemblyName identity;
        try
        {
            identity = AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            throw new DirectiveException($"{path} is not a .NET assembly.");
        }

        string name = identity.Name ?? Path.GetFileNameWithoutExtension(path);
        if (context.Loaded(name) is { } loaded && loaded.Location != ShadowCopy.Of(path))
        {
            throw new DirectiveException(
                $"{name} is loaded already, and {path} has changed since. Restart to use the new one.");
        }

        Add(name, context.AddCopy(name, path));
    }

    private void Add(string simpleName, string path)
    {
        if (_added.TryGetValue(simpleName, out AddedReference? known) && known.Path == path)
        {
            return;
        }

        _added[simpleName] = new AddedReference(path, HostReferences.Read(path));
        _snapshot = [.. HostReferences.Forwarding, .. _added.Values.Select(added => added.Reference)];
    }

    private sealed record AddedReference(string Path, MetadataReference Reference);
}
