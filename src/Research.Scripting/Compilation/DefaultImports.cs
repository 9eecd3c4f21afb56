using System.Reflection;

namespace Research.Scripting.Compilation;

/// <summary>The namespaces every cell has open.</summary>
internal static class DefaultImports
{
    // .NET Interactive's C# kernel (CSharpKernel and UseKernelHelpers, UsePocketView in dotnet/interactive), and
    // System.IO, which its later versions have.
    private static readonly string[] Interactive =
    [
        "System", "System.IO", "System.Text", "System.Collections", "System.Collections.Generic",
        "System.Threading.Tasks", "System.Linq", "Microsoft.DotNet.Interactive",
        "Microsoft.DotNet.Interactive.Formatting", "Microsoft.DotNet.Interactive.Kernel",
        "Microsoft.DotNet.Interactive.Formatting.PocketViewTags", "Research.Scripting.Display",
    ];

    /// <summary>Gets .NET Interactive's, then each public namespace of Research.Core.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Interactive, .. Core()];

    private static string[] Core()
    {
        try
        {
            return
            [
                .. Assembly.Load("Research.Core").GetExportedTypes()
                    .Select(type => type.Namespace ?? "")
                    .Where(name => name == "Research" || name.StartsWith("Research.", StringComparison.Ordinal))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (FileNotFoundException)
        {
            return []; // A host without the library still runs C#.
        }
    }
}
