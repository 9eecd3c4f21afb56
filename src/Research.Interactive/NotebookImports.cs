using Research.Plotting;

namespace Research.Interactive;

/// <summary>The namespaces that a notebook has open.</summary>
public static class NotebookImports
{
    /// <summary>Gets each public namespace of the library, and this package's, in order.</summary>
    /// <remarks>This package's is named: reading its types would load .NET Interactive, which other hosts lack.</remarks>
    public static IReadOnlyList<string> Library { get; } =
    [
        .. typeof(Figure).Assembly.GetExportedTypes()
            .Select(type => type.Namespace ?? "")
            .Where(name => name.Length > 0)
            .Append(typeof(NotebookImports).Namespace!)
            .Append(typeof(Scores.PayExplanation).Namespace!)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
