using System.Reflection;
using Research.Scripting.Directives;
using Research.Scripting.Packages;

namespace Research.Scripting.Compilation;

/// <summary>Chooses one file for each assembly that cells asked for.</summary>
/// <remarks>
/// A cell's own version wins, except that the library's API is always the host's, or its values could not pass between
/// the two; a newer one is refused. Assemblies of .NET follow the SDK: the framework's, unless a package has a newer one.
/// ASP.NET Core's are like any other until a cell asks for ASP.NET Core itself; then they are the framework's too, and a
/// newer one is refused, because the framework's others would go on with their own. Nethereum is the library's, and part
/// of its API, once a cell asks for the library's version of it.
/// </remarks>
internal static class ReferencePlan
{
    private static readonly string[] KnownFrameworks = [ProjectSdks.AspNetFramework, "Microsoft.NETCore.App"];

    /// <summary>Makes the plan.</summary>
    /// <returns>The assemblies by simple name.</returns>
    /// <exception cref="DirectiveException">Two of them cannot go together.</exception>
    public static Dictionary<string, PlannedAssembly> Of(ReferenceRequests requests)
    {
        bool aspNet = requests.AspNet || Frameworks(requests).Contains(ProjectSdks.AspNetFramework);
        Dictionary<string, PlannedAssembly> plan = new(StringComparer.OrdinalIgnoreCase);
        foreach (RestoredPackage package in requests.Restored.Packages)
        {
            foreach (PlannedAssembly assembly in AssembliesOf(package))
            {
                AddOwn(plan, assembly, requests, aspNet);
            }
        }

        foreach (PlannedAssembly assembly in requests.Beside.Values.Where(beside => !plan.ContainsKey(beside.Name))
            .Concat(requests.Files.Values).ToArray())
        {
            AddOwn(plan, assembly, requests, aspNet);
        }

        foreach ((string name, string path) in requests.Nethereum ? HostAssemblies.OfNethereum : [])
        {
            plan[name] = new PlannedAssembly(name, path, null, "this program's Nethereum", "#r \"nuget: Nethereum.Web3\"");
        }

        foreach (string path in aspNet ? HostAssemblies.OfAspNet : [])
        {
            string name = Path.GetFileNameWithoutExtension(path);
            plan.TryAdd(name, new PlannedAssembly(name, path, null, ProjectSdks.AspNetFramework, null));
        }

        return plan;
    }

    /// <summary>Tells whether the host's copy of an assembly is the one to use.</summary>
    /// <exception cref="DirectiveException">It is, but it is too old.</exception>
    private static bool IsHosts(PlannedAssembly assembly, ReferenceRequests requests, bool aspNet)
    {
        string? ofNethereum = requests.Nethereum ? HostAssemblies.OfNethereum.GetValueOrDefault(assembly.Name) : null;
        HostShare share = ofNethereum is null ? HostAssemblies.ShareOf(assembly.Name) : HostShare.Library;
        if (share == HostShare.None || (share == HostShare.AspNet && !aspNet))
        {
            return false;
        }

        Version host = VersionOf(ofNethereum ?? HostAssemblies.PathOf(assembly.Name)!);
        Version own = VersionOf(assembly.RuntimePath ?? assembly.CompilePath!);
        if (own <= host)
        {
            return true;
        }

        return share == HostShare.Framework ? false : throw new DirectiveException(
            $"{assembly.Source} needs {assembly.Name} {own}, and this program has {host}, which cells share with " +
            (share == HostShare.Library ? "it." : "ASP.NET Core.") + " Ask for an older version.");
    }

    private static void AddOwn(
        Dictionary<string, PlannedAssembly> plan, PlannedAssembly assembly, ReferenceRequests requests, bool aspNet)
    {
        if (!IsHosts(assembly, requests, aspNet))
        {
            plan[assembly.Name] = assembly;
        }
    }

    private static IEnumerable<PlannedAssembly> AssembliesOf(RestoredPackage package)
    {
        Dictionary<string, string> runtime = ByName(package.RuntimeAssemblies);
        Dictionary<string, string> compile = ByName(package.CompileAssemblies);
        return runtime.Keys.Union(compile.Keys, StringComparer.OrdinalIgnoreCase).Select(name => new PlannedAssembly(
            name,
            compile.GetValueOrDefault(name),
            runtime.GetValueOrDefault(name),
            $"{package.Id} {package.Version}",
            $"#r \"nuget: {package.Id}, {package.Version}\""));
    }

    private static Dictionary<string, string> ByName(IEnumerable<string> paths)
    {
        Dictionary<string, string> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (string path in paths)
        {
            byName[Path.GetFileNameWithoutExtension(path)] = path;
        }

        return byName;
    }

    private static HashSet<string> Frameworks(ReferenceRequests requests)
    {
        HashSet<string> frameworks = [.. requests.Restored.Frameworks];
        frameworks.UnionWith(requests.Projects.Values.SelectMany(project => project.Packages.Frameworks));
        return frameworks.FirstOrDefault(framework => !KnownFrameworks.Contains(framework)) is { } unknown
            ? throw new DirectiveException(
                $"This needs the shared framework {unknown}; here there are {string.Join(" and ", KnownFrameworks)}.")
            : frameworks;
    }

    private static Version VersionOf(string path) => AssemblyName.GetAssemblyName(path).Version ?? new Version(0, 0);
}
