using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Research.Scripting.Directives;
using Research.Scripting.Packages;

namespace Research.Scripting.Compilation;

/// <summary>The assemblies a session's cells compile against: the host's, and what <c>#r</c> added.</summary>
internal sealed class SessionReferences(InteractiveAssemblyLoader loader)
{
    private readonly Dictionary<string, (string Path, MetadataReference Reference)> _added =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly List<PackageRequest> _packages = [];
    private readonly List<string> _sources = [];

    /// <summary>Gets all references, the host's first.</summary>
    public IEnumerable<MetadataReference> All =>
        HostReferences.All.Concat(_added.Values.Select(added => added.Reference));

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
        if (HostReferences.PathOf(simpleName) is { } hostPath)
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

        try
        {
            AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            throw new DirectiveException($"{path} is not a .NET assembly.");
        }

        Add(simpleName, path);
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
        _packages.Clear();
        _packages.AddRange(requests);
        Packages = restored.Packages;
        NativeLibraries.Add(restored.NativeLibraries);
        foreach (string path in restored.RuntimeAssemblies)
        {
            string display = AssemblyName.GetAssemblyName(path).FullName;
            if (AssemblyIdentity.TryParseDisplayName(display, out AssemblyIdentity? identity))
            {
                loader.RegisterDependency(identity, path);
            }
        }

        foreach (string path in restored.CompileAssemblies)
        {
            if (HostReferences.PathOf(Path.GetFileNameWithoutExtension(path)) is null)
            {
                Add(Path.GetFileNameWithoutExtension(path), path);
            }
        }
    }

    private void Add(string simpleName, string path)
    {
        if (!_added.TryGetValue(simpleName, out (string Path, MetadataReference Reference) known) || known.Path != path)
        {
            _added[simpleName] = (path, HostReferences.Read(path));
        }
    }
}
