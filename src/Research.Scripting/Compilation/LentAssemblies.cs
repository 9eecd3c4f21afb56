using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;

namespace Research.Scripting.Compilation;

/// <summary>Lets the host use a notebook's Plotly.NET: <c>run.ToChart()</c> makes what the cell that calls it calls a
/// chart.</summary>
/// <remarks>
/// The program has none of its own; one that has FSharp.Core keeps that for all. What it once took it keeps for good, so a later session of the same process that
/// names the same files shares them; one that names another version has charts of its own, and no <c>ToChart</c>.
/// </remarks>
internal static class LentAssemblies
{
    private static readonly string[] Names =
        ["Plotly.NET", "Plotly.NET.CSharp", "FSharp.Core", "DynamicObj", "Giraffe.ViewEngine"];

    private static readonly Lazy<FrozenDictionary<string, string>> Own = new(FindOwn);

    private static readonly Lock Gate = new();
    private static CellLoadContext? _latest;
    private static CellLoadContext? _lender;

    /// <summary>Offers a session's assembly; it is loaded if the host asks for it.</summary>
    public static void Offer(CellLoadContext session, string simpleName)
    {
        if (simpleName != Names[0])
        {
            return;
        }

        lock (Gate)
        {
            if (_latest is null)
            {
                AssemblyLoadContext.Default.Resolving += Lend;
            }

            _latest = session;
        }
    }

    /// <summary>Tells whether a host that has such an assembly of its own, new enough, is the one who lends.</summary>
    /// <remarks>Then its other code uses that copy whatever is offered, and charts need one for all.</remarks>
    public static bool IsHosts(string simpleName, string path) =>
        Names.Contains(simpleName) && Own.Value.TryGetValue(simpleName, out string? own) &&
        AssemblyName.GetAssemblyName(own).Version >= AssemblyName.GetAssemblyName(path).Version;

    /// <summary>Gets the assembly that a session shares with the host, or null.</summary>
    public static Assembly? Of(CellLoadContext session, string simpleName, string path)
    {
        CellLoadContext? lender;
        lock (Gate)
        {
            lender = _lender;
        }

        return lender is not null && lender != session && Names.Contains(simpleName) && lender.PathOf(simpleName) == path
            ? lender.Share(simpleName)
            : null;
    }

    private static FrozenDictionary<string, string> FindOwn() =>
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => Names.Contains(Path.GetFileNameWithoutExtension(path)))
            .ToFrozenDictionary(path => Path.GetFileNameWithoutExtension(path));

    private static Assembly? Lend(AssemblyLoadContext host, AssemblyName name)
    {
        if (!Names.Contains(name.Name))
        {
            return null;
        }

        CellLoadContext? lender;
        lock (Gate)
        {
            lender = _lender ??= _latest;
        }

        return lender?.Share(name.Name!);
    }
}
