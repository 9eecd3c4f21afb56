using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Research.Scripting.Compilation;

/// <summary>Compiles cells, each on top of the declarations of those before.</summary>
/// <remarks>
/// This is what Roslyn's Script API does, but bounded. There every link of the chain lists the references of all links
/// before it once more, so that memory grows with the square of the cells (3.7 GB after 1,000); here a link names only
/// those that are new to the chain, a cell that declares nothing is no link, and a cell run again takes its own place.
/// </remarks>
internal sealed class CellCompiler
{
    private static readonly EmitOptions Emit = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private static readonly Lazy<CellLink> SharedRoot = new(() => CreateRoot(null, HostReferences.All));
    private static readonly Lazy<CellLink> SharedRootWithNethereum =
        new(() => CreateRoot(null, HostReferences.AllWithNethereum));

    private readonly SessionReferences _references;
    private readonly Type? _globalsType;
    private readonly Lazy<CellLink> _root;
    private readonly Lazy<CellLink> _rootWithNethereum;
    private int _count;
    private int _replacements;

    /// <param name="references">What <c>#r</c> added.</param>
    /// <param name="globalsType">The type whose members every cell sees, or null.</param>
    public CellCompiler(SessionReferences references, Type? globalsType)
    {
        _references = references;
        _globalsType = globalsType;
        _root = globalsType is null ? SharedRoot : new(() => CreateRoot(globalsType, HostReferences.All));
        _rootWithNethereum = globalsType is null
            ? SharedRootWithNethereum
            : new(() => CreateRoot(globalsType, HostReferences.AllWithNethereum));
        Top = _root.Value;
    }

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Gets the last cell that declared something.</summary>
    public CellLink Top { get; private set; }

    /// <summary>Reads all references and makes the compiler bind them, ahead of the first cell.</summary>
    public static void Warm() => _ = SharedRoot.Value;

    /// <summary>Compiles a cell; the chain does not change until <see cref="Accept"/>.</summary>
    /// <returns>The compiled cell, or the compiler's errors.</returns>
    public (CompiledCell? Cell, CellError? Error) Compile(
        CellSource source, string code, CancellationToken cancellationToken)
    {
        Rebase();
        SyntaxTree tree = Parse(code, source.FilePath, cancellationToken);
        HashSet<string> declared = Declarations.Of(tree.GetCompilationUnitRoot(cancellationToken));
        CellLink previous = Visible(code, declared);
        if (tree.GetCompilationUnitRoot(cancellationToken).Usings.Count > 0)
        {
            tree = Parse(WithNewUsingsOnly(code, tree, previous), source.FilePath, cancellationToken);
        }

        SyntaxTree changed = InterruptChecks.Added(tree);
        (CompiledCell? cell, CellError? error) = Emitted(source, code, declared, changed, previous, cancellationToken);
        if (error?.Message.StartsWith(DiscardAssignments.ErrorId, StringComparison.Ordinal) == true)
        {
            changed = InterruptChecks.Added(DiscardAssignments.Added(tree));
            (cell, error) = Emitted(source, code, declared, changed, previous, cancellationToken);
        }

        return error is null || ReferenceEquals(changed, tree)
            ? (cell, error)
            : Emitted(source, code, declared, tree, previous, cancellationToken); // Errors at the user's own columns.
    }

    /// <summary>Puts a cell into the chain, for later cells to see; to be called when it starts to run.</summary>
    public void Accept(CompiledCell cell)
    {
        if (cell.Link is not null)
        {
            Top = cell.Link;
        }
    }

    /// <summary>Compiles code as the next cell would be; it may hold errors.</summary>
    /// <remarks>Without nullable annotations: nothing is analysed, so a <c>var</c> would show as nullable.</remarks>
    public CSharpCompilation Draft(string code)
    {
        CellLink top = _replacements == _references.Replacements ? Top : Rebased();
        CSharpCompilation compilation = Create(Parse(code, "draft", CancellationToken.None), top, 0);
        return compilation.WithOptions(compilation.Options.WithNullableContextOptions(NullableContextOptions.Disable));
    }

    // An earlier link's reference would win over its replacement.
    private void Rebase()
    {
        if (_replacements != _references.Replacements)
        {
            _replacements = _references.Replacements;
            Top = Rebased();
        }
    }

    private CellLink Rebased() => Top.Rebased(
        _references.Added, (_references.SharesNethereum ? _rootWithNethereum : _root).Value);

    private static SyntaxTree Parse(string code, string path, CancellationToken cancellationToken) =>
        ParenthesizedAwaits.Mended(
            CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), ParseOptions, path, cancellationToken), code);

    private (CompiledCell? Cell, CellError? Error) Emitted(
        CellSource source,
        string code,
        HashSet<string> declared,
        SyntaxTree tree,
        CellLink previous,
        CancellationToken cancellationToken)
    {
        CSharpCompilation compilation = Create(tree, previous, Interlocked.Increment(ref _count));
        using MemoryStream pe = new();
        using MemoryStream pdb = new();
        EmitResult result = compilation.Emit(pe, pdb, options: Emit, cancellationToken: cancellationToken);
        return result.Success
            ? (Describe(compilation, previous, code, declared, pe, pdb), null)
            : (null, CompileErrors.From(result.Diagnostics, source));
    }

    // Cells that the new one hides are not its business, and nobody else's after it.
    private CellLink Visible(string code, IReadOnlySet<string> declared)
    {
        CellLink previous = Top;
        while (previous.IsHiddenBy(code, declared))
        {
            previous = previous.Previous!;
        }

        return previous;
    }

    private CSharpCompilation Create(SyntaxTree tree, CellLink previous, int number) =>
        CSharpCompilation.CreateScriptCompilation(
            string.Create(CultureInfo.InvariantCulture, $"cell-{number}"),
            tree,
            _references.Added.Where(reference => !previous.References.Contains(reference)),
            Options(number).WithUsings(NewImports(previous)),
            previous.Compilation,
            typeof(object),
            _globalsType);

    private IEnumerable<string> NewImports(CellLink previous) =>
        _references.Imports.Where(import => !previous.Namespaces.Contains(import));

    // A namespace that is open already need not be opened again: each cell that does costs every later one.
    private static string WithNewUsingsOnly(string code, SyntaxTree tree, CellLink previous)
    {
        char[] rest = code.ToCharArray();
        foreach (UsingDirectiveSyntax directive in Declarations.OpenedNamespaces(tree.GetCompilationUnitRoot()))
        {
            if (previous.Namespaces.Contains($"{directive.NamespaceOrType}") && !directive.ContainsDiagnostics)
            {
                rest.AsSpan(directive.SpanStart, directive.Span.Length).Fill(' ');
            }
        }

        // Without a statement, later cells would not see the usings.
        return new string(rest) + (tree.GetCompilationUnitRoot().Members.Count == 0 ? "\n;" : "");
    }

    private CompiledCell Describe(
        CSharpCompilation compilation,
        CellLink previous,
        string code,
        HashSet<string> declared,
        MemoryStream pe,
        MemoryStream pdb)
    {
        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;
        ISymbol[] members =
        [
            .. entry.ContainingType.GetMembers()
                .Where(member => member is { IsImplicitlyDeclared: false, CanBeReferencedByName: true }),
        ];
        CellImage image = new(
            compilation.AssemblyName!,
            pe.ToArray(),
            pdb.ToArray(),
            entry.ContainingType.MetadataName,
            entry.MetadataName,
            previous.Slot + 1,
            [.. members.OfType<IFieldSymbol>().Select(field => field.Name)]);
        CompilationUnitSyntax root = ((CSharpSyntaxTree)compilation.SyntaxTrees[0]).GetCompilationUnitRoot();
        bool opens = root.Usings.Count + root.Externs.Count + compilation.Options.Usings.Length > 0;
        CellLink? link = members.Length == 0 && !opens ? null : new CellLink(
            compilation,
            previous,
            previous.References.Union(_references.Added),
            code,
            previous.Namespaces.Union(compilation.Options.Usings)
                .Union(Declarations.OpenedNamespaces(root).Select(used => $"{used.NamespaceOrType}")),
            !opens && declared.Count == members.Length ? [.. declared] : null,
            image.Slot);
        return new CompiledCell(image, link, compilation);
    }

    private static CellLink CreateRoot(Type? globalsType, ImmutableArray<MetadataReference> references)
    {
        IReadOnlyList<string> imports = globalsType is null ? DefaultImports.OfNotebooks : DefaultImports.OfScripts;
        CSharpCompilation compilation = CSharpCompilation.CreateScriptCompilation(
            "cell-root",
            CSharpSyntaxTree.ParseText("", ParseOptions, "root"),
            references,
            Options(0).WithUsings(imports),
            previousScriptCompilation: null,
            typeof(object),
            globalsType);
        return new CellLink(compilation, null, [.. references], "", [.. imports], null, 0);
    }

    // Optimised code: a notebook is where people time their loops. Nullable annotations are allowed, but not analysed:
    // nobody would see the warnings, and the analysis takes a fifth of the compiler's time.
    private static CSharpCompilationOptions Options(int number) => new(
        OutputKind.DynamicallyLinkedLibrary,
        scriptClassName: string.Create(CultureInfo.InvariantCulture, $"Submission#{number}"),
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true,
        concurrentBuild: false,
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default,
        nullableContextOptions: NullableContextOptions.Annotations);
}
