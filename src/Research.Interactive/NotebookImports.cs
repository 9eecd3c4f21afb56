using System.Reflection;
using Research.Plotting;

namespace Research.Interactive;

/// <summary>The namespaces that a notebook has open.</summary>
public static class NotebookImports
{
    /// <summary>Gets each public namespace of the library and of this package, in order.</summary>
    public static IReadOnlyList<string> Library { get; } =
        [.. Of(typeof(Figure).Assembly).Concat(Of(typeof(NotebookImports).Assembly)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().Select(type => type.Namespace ?? "").Where(name => name.Length > 0);
}
