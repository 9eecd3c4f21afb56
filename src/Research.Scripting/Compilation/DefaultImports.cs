using Research.Interactive;

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

    // dotnet-script's (filipw/dotnet-script, ScriptCompiler.ImportedNamespaces), as far as the others lack them.
    private static readonly string[] DotnetScript =
        ["System.Console", "System.Diagnostics", "System.Dynamic", "System.Linq.Expressions"];

    /// <summary>Gets those of a script: dotnet-script's too, so that <c>WriteLine</c> is the console's.</summary>
    public static IReadOnlyList<string> OfScripts => [.. OfNotebooks, .. DotnetScript];

    /// <summary>Gets .NET Interactive's, then the library's.</summary>
    public static IReadOnlyList<string> OfNotebooks { get; } = [.. Interactive, .. NotebookImports.Library];
}
