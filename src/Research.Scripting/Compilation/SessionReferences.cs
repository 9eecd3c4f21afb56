using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Research.Scripting.Directives;
using Research.Scripting.Packages;

namespace Research.Scripting.Compilation;

/// <summary>The assemblies that <c>#r</c> added to those of the host.</summary>
/// <remarks>Each request is planned together with all before it, and either takes effect whole or not at all.</remarks>
internal sealed class SessionReferences(CellLoadContext context)
{
    private readonly Dictionary<string, (string Path, MetadataReference Reference)> _read =
        new(StringComparer.OrdinalIgnoreCase);

    private ReferenceRequests _requests = ReferenceRequests.None;
    private Dictionary<string, PlannedAssembly> _plan = new(StringComparer.OrdinalIgnoreCase);
    private MetadataReference[] _snapshot = [];

    /// <summary>Gets the references added so far.</summary>
    public IReadOnlyList<MetadataReference> Added => _snapshot;

    /// <summary>Gets how often one of them was replaced by another version, or fell away.</summary>
    public int Replacements { get; private set; }

    /// <summary>Gets whether cells share the library's Nethereum, so that they can use <c>ToWeb3</c>.</summary>
    public bool SharesNethereum => _requests.Nethereum;

    /// <summary>Gets the namespaces that the SDKs asked for open.</summary>
    public IReadOnlyList<string> Imports => _requests.Imports;

    /// <summary>Adds a feed or a folder to look for packages in.</summary>
    public void AddSource(PackageSource source) =>
        _requests = _requests with { Packages = _requests.Packages.With(source) };

    /// <summary>Adds an assembly by path or name; where there is no such file, one of the host's.</summary>
    /// <exception cref="DirectiveException">There is no such assembly.</exception>
    public void AddAssembly(string argument, string folder)
    {
        bool isPath = argument.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ||
            argument.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);
        string simpleName = isPath
            ? Path.GetFileNameWithoutExtension(argument.Replace('\\', '/'))
            : argument.Split(',')[0].Trim();
        string path = Path.GetFullPath(Path.Combine(folder, argument.Replace('\\', '/')));
        if (File.Exists(path))
        {
            Commit(WithFile(_requests, path));
            return;
        }

        switch (HostAssemblies.ShareOf(simpleName))
        {
            case HostShare.None:
                throw new DirectiveException(isPath
                    ? $"There is no assembly at {path}. (#r paths are relative to {folder})"
                    : $"The host has no assembly named {simpleName}, and there is no file at {path}.");
            case HostShare.AspNet:
                Commit(_requests with { AspNet = true });
                break;
            default:
                NameHosts(HostAssemblies.PathOf(simpleName)!);
                break;
        }
    }

    /// <summary>Adds what a project SDK brings: a shared framework, and the namespaces it opens.</summary>
    /// <exception cref="DirectiveException">The SDK is not known, or does not go with what is loaded.</exception>
    public void AddSdk(string name)
    {
        (string? framework, IReadOnlyList<string> imports) = ProjectSdks.Find(name);
        Commit(_requests with
        {
            AspNet = _requests.AspNet || framework == ProjectSdks.AspNetFramework,
            Imports = _requests.Imports.AddRange(imports.Except(_requests.Imports)),
        });
    }

    /// <summary>Builds a project and adds its assembly with all that it needs.</summary>
    /// <returns>What the user should hear, a sentence each.</returns>
    /// <exception cref="DirectiveException">It does not build, or does not go with what is there.</exception>
    public async Task<IReadOnlyList<string>> AddProjectAsync(
        string argument, string folder, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(Path.Combine(folder, argument.Replace('\\', '/')));
        BuiltProject built = await ProjectBuild.RunAsync(path, cancellationToken).ConfigureAwait(false);
        ReferenceRequests next = WithFile(
            _requests with { Projects = _requests.Projects.SetItem(path, built) }, built.AssemblyPath);
        return await RestoreAsync(next, Path.GetFileName(path), null, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Restores a package together with those asked for before.</summary>
    /// <returns>The package as restored, and what the user should hear, a sentence each.</returns>
    /// <exception cref="DirectiveException">It cannot be had, or does not go with what is loaded.</exception>
    public async Task<(string Id, string Version, IReadOnlyList<string> Notes)> AddPackageAsync(
        PackageRequest request, string folder, CancellationToken cancellationToken)
    {
        if (HostPackages.Find(request) is { } own)
        {
            if (HostPackages.IsNethereum(own.Id))
            {
                Commit(_requests with { Nethereum = true });
            }

            return (own.Id, own.Version, []);
        }

        IReadOnlyList<string> notes = await RestoreAsync(
            _requests with { Packages = _requests.Packages.With(request) },
            $"{request}",
            request,
            folder,
            cancellationToken).ConfigureAwait(false);
        RestoredPackage? restored = _requests.Restored.Find(request.Id);
        return (restored?.Id ?? request.Id, restored?.Version ?? request.Version, notes);
    }

    private void NameHosts(string path)
    {
        if (!HostReferences.All.Any(reference => reference.Display == path))
        {
            Commit(_requests with { Forwarding = true });
        }
    }

    private async Task<IReadOnlyList<string>> RestoreAsync(
        ReferenceRequests next,
        string wanted,
        PackageRequest? request,
        string folder,
        CancellationToken cancellationToken)
    {
        List<string> notes = [];
        if (next.Packages.Requests.IsEmpty && next.Projects.Count == 1)
        {
            next = next with { Restored = next.Projects.Values.Single().Packages }; // As the project itself resolved it.
        }
        else
        {
            PackageRequest[] needs = [.. next.Projects.Values.SelectMany(project => project.Needs)];
            ResolvedPackages resolved = await next.Packages.RestoreAsync(wanted, needs, folder, cancellationToken)
                .ConfigureAwait(false);
            if (resolved.Packages is null)
            {
                // Not waited for again by each later restore.
                _requests = _requests with { Packages = _requests.Packages with { Sources = resolved.Set.Sources } };
                throw new DirectiveException(resolved.Refusal!);
            }

            next = next with { Packages = resolved.Set, Restored = resolved.Packages };
            notes.AddRange(resolved.Notes);
        }

        notes.AddRange(ForeignNotes(next.Restored, request));
        if (next.Restored.Find(request?.Id ?? "") is { HasKernelExtension: true } package && !IsKnown(package))
        {
            notes.Add(KernelExtensions.Note(package)); // Of what a cell names; nobody waits for a dependency to do something.
        }

        Commit(next);
        return notes;
    }

    private bool IsKnown(RestoredPackage package) => _requests.Restored.Find(package.Id)?.Version == package.Version;

    // NuGet takes a package for .NET Framework where there is none for .NET. One that a cell names must be for .NET.
    private IEnumerable<string> ForeignNotes(RestoredPackages restored, PackageRequest? request)
    {
        foreach (RestoreProblem foreign in restored.Foreign)
        {
            if (restored.Find(foreign.Package ?? "") is not { } package)
            {
                continue;
            }

            string what = $"{package.Id} {package.Version} has assemblies for " +
                $"{FrameworksOf(package)} only, and this is .NET {Environment.Version.Major}.{Environment.Version.Minor}.";
            if (package.Id.Equals(request?.Id, StringComparison.OrdinalIgnoreCase))
            {
                throw new DirectiveException(what);
            }

            if (!IsKnown(package))
            {
                yield return $"{what} It may not work.";
            }
        }
    }

    private static string FrameworksOf(RestoredPackage package) => string.Join(", ", package.RuntimeAssemblies
        .Concat(package.CompileAssemblies).Select(path => Path.GetFileName(Path.GetDirectoryName(path))).Distinct());

    private static ReferenceRequests WithFile(ReferenceRequests requests, string path)
    {
        string name = BesideAssemblies.NameOf(path)?.Name ?? throw new DirectiveException($"{path} is not a .NET assembly.");
        requests = requests with { Files = requests.Files.SetItem(name, Copied(name, path)) };
        return HostAssemblies.ShareOf(name) == HostShare.Library ? requests : requests with
        {
            Beside = requests.Beside.SetItems(BesideAssemblies.Of(path)
                .Where(beside => HostAssemblies.ShareOf(beside.Key) != HostShare.Library)
                .Select(beside => KeyValuePair.Create(beside.Key, Copied(beside.Key, beside.Value)))),
        };
    }

    private static PlannedAssembly Copied(string name, string path)
    {
        string copy = ShadowCopy.Of(path);
        return new PlannedAssembly(name, copy, copy, path, null) { Original = path };
    }

    private void Commit(ReferenceRequests next)
    {
        Dictionary<string, PlannedAssembly> plan = ReferencePlan.Of(next);
        foreach (PlannedAssembly planned in plan.Values)
        {
            RefuseOtherThanLoaded(planned);
        }

        List<MetadataReference> references = [];
        foreach (PlannedAssembly planned in plan.Values.Where(planned => planned.CompilePath is not null))
        {
            references.Add(Read(planned.Name, planned.CompilePath!));
        }

        HashSet<MetadataReference> kept = [.. references];
        bool keepsAll = _snapshot.Except(HostReferences.Forwarding).All(kept.Contains);
        Replacements += keepsAll && next.Nethereum == _requests.Nethereum ? 0 : 1;
        context.Replace(plan.Values, next.Restored.Packages.SelectMany(package => package.NativeLibraries));
        _requests = next;
        _plan = plan;
        _snapshot = references.Count == 0 && !next.Forwarding ? [] : [.. HostReferences.Forwarding, .. references];
    }

    private MetadataReference Read(string name, string path)
    {
        if (!_read.TryGetValue(name, out (string Path, MetadataReference Reference) read) || read.Path != path)
        {
            read = (path, HostReferences.Read(path));
            _read[name] = read;
        }

        return read.Reference;
    }

    private void RefuseOtherThanLoaded(PlannedAssembly planned)
    {
        if (context.Loaded(planned.Name) is not { } loaded || loaded.Location == planned.RuntimePath)
        {
            return;
        }

        PlannedAssembly? before = _plan.GetValueOrDefault(planned.Name);
        throw new DirectiveException(planned.Original is { } file && before?.Original == file
            ? $"{planned.Name} is loaded already, and {file} has changed since. Restart to use the new one."
            : $"{planned.Name} is loaded already, from {before?.Source ?? loaded.Location}; this needs it from " +
                $"{planned.Source}. Restart, and " + (planned.Directive is { } directive
                    ? $"put {directive} first."
                    : "reference that first."));
    }
}
