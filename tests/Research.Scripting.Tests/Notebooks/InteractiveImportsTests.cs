using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Research.Scripting.Notebooks;

namespace Research.Tests.Notebooks;

/// <summary>The shipped notebooks and scripts name what they use: other hosts do not open the library's namespaces.</summary>
public sealed class InteractiveImportsTests
{
    // What .NET Interactive's C# kernel opens (dotnet/interactive, CSharpKernel and UseKernelHelpers).
    private static readonly string[] Interactive =
    [
        "System", "System.IO", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks",
        "System.Linq", "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting",
        "Microsoft.DotNet.Interactive.Kernel", "Microsoft.DotNet.Interactive.Formatting.PocketViewTags",
    ];

    // What dotnet-script opens (filipw/dotnet-script, ScriptCompiler.ImportedNamespaces).
    private static readonly string[] DotnetScript =
    [
        "System", "System.IO", "System.Collections.Generic", "System.Console", "System.Diagnostics", "System.Dynamic",
        "System.Linq", "System.Linq.Expressions", "System.Text", "System.Threading.Tasks",
    ];

    [Theory]
    [MemberData(nameof(RepositoryNotebooksTests.All), MemberType = typeof(RepositoryNotebooksTests))]
    public void Notebook_WithInteractivesImports_Compiles(string name)
    {
        ScriptOptions options = Options(Interactive);
        Script<object>? script = null;
        foreach (NotebookCell cell in RepositoryNotebook.Load(name).Cells.Where(cell => cell.Kind == NotebookCellKind.Code))
        {
            string code = WithoutReference(cell.Source);
            script = script is null ? CSharpScript.Create<object>(code, options) : script.ContinueWith<object>(code, options);
            Assert.Empty(ErrorsOf(script));
        }
    }

    [Theory]
    [InlineData("train-privately")]
    [InlineData("publish-spec")]
    public void Script_WithDotnetScriptsImports_Compiles(string name)
    {
        string code = File.ReadAllText(Path.Combine(RepositoryNotebook.Folder, "scripts", $"{name}.csx"));

        Assert.Empty(ErrorsOf(CSharpScript.Create<object>(
            WithoutReference(code), Options(DotnetScript), typeof(CommandLineScriptGlobals))));
    }

    /// <summary>What a script of dotnet-script sees of its host.</summary>
    public sealed class CommandLineScriptGlobals
    {
        /// <summary>Gets the arguments; dotnet-script too has them as a list.</summary>
        public IList<string> Args { get; } = [];
    }

    private static string WithoutReference(string code) => code.Replace("#r ", "// ", StringComparison.Ordinal);

    private static IEnumerable<Diagnostic> ErrorsOf(Script<object> script) =>
        script.Compile().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static ScriptOptions Options(string[] imports) => ScriptOptions.Default.WithImports(imports).WithReferences(
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is string file
                && (file.StartsWith("System.", StringComparison.Ordinal) || file.StartsWith("Research.", StringComparison.Ordinal)
                    || file.StartsWith("Microsoft.DotNet.Interactive", StringComparison.Ordinal)
                    || file is "netstandard.dll" or "mscorlib.dll" or "Microsoft.AspNetCore.Html.Abstractions.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)));
}
