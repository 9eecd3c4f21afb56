using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Finds the names that are in scope at a place.</summary>
internal static class ScopeCandidates
{
    /// <summary>Adds values, types and namespaces.</summary>
    public static void AddAll(CompletionSite site, CandidateList candidates)
    {
        foreach (ISymbol symbol in site.Model.LookupSymbols(site.Start))
        {
            if (IsUsable(symbol, site))
            {
                candidates.Add(symbol, GroupOf(symbol, site));
            }
        }
    }

    /// <summary>Adds the namespaces, and the types that fit.</summary>
    public static void AddTypes(CompletionSite site, CandidateList candidates, Func<ITypeSymbol, bool> fits)
    {
        foreach (ISymbol symbol in site.Model.LookupNamespacesAndTypes(site.Start))
        {
            // In a script, Roslyn adds the members of every "using static".
            if (symbol is INamespaceSymbol || (symbol is ITypeSymbol type && fits(type)))
            {
                candidates.Add(symbol, GroupOf(symbol, site));
            }
        }
    }

    /// <summary>Adds the attributes, by the names they have between brackets.</summary>
    public static void AddAttributes(CompletionSite site, CandidateList candidates)
    {
        const string Suffix = "Attribute";
        foreach (ISymbol symbol in site.Model.LookupNamespacesAndTypes(site.Start))
        {
            if (symbol is INamespaceSymbol)
            {
                candidates.Add(symbol, CandidateGroup.Namespace);
            }
            else if (symbol is INamedTypeSymbol { IsAbstract: false } type && Derives(type, "Attribute"))
            {
                bool isLong = type.Name.EndsWith(Suffix, StringComparison.Ordinal) && type.Name.Length > Suffix.Length;
                candidates.Add(type, CandidateGroup.Type, isLong ? type.Name[..^Suffix.Length] : null);
            }
        }
    }

    /// <summary>Tells whether something that is <c>new</c> can be of a type.</summary>
    public static bool CanBeNew(ITypeSymbol type) =>
        type is { IsStatic: false, IsAbstract: false } &&
        (type.TypeKind is TypeKind.Struct or TypeKind.Delegate || (type.TypeKind is TypeKind.Class && HasConstructor(type)));

    /// <summary>Tells whether a type is an exception.</summary>
    public static bool IsException(ITypeSymbol type) => Derives(type, "Exception");

    private static bool HasConstructor(ITypeSymbol type) =>
        type is INamedTypeSymbol { InstanceConstructors: var constructors } && constructors.Any(constructor =>
            constructor.DeclaredAccessibility == Accessibility.Public || constructor.Locations.Any(place => place.IsInSource));

    private static bool Derives(ITypeSymbol type, string name)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == name && current.ContainingNamespace is { Name: "System" })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUsable(ISymbol symbol, CompletionSite site)
    {
        SyntaxReference? declared = symbol.DeclaringSyntaxReferences.FirstOrDefault();
        bool here = declared?.SyntaxTree == site.Token.SyntaxTree;
        return symbol switch
        {
            ILocalSymbol or IRangeVariableSymbol => !here || IsBefore(declared!, site),
            IFieldSymbol when SymbolText.IsOfCell(symbol) => !here || IsBefore(declared!, site),
            IMethodSymbol { MethodKind: not (MethodKind.Ordinary or MethodKind.LocalFunction) } => false,
            _ => true,
        };
    }

    // A variable cannot be used before it is declared, nor in its own initialiser.
    private static bool IsBefore(SyntaxReference declared, CompletionSite site) =>
        declared.Span.Start < site.Start &&
        (declared.GetSyntax() is not VariableDeclaratorSyntax { Initializer: { } value } ||
            value.Span.End < site.Start || value.Span.Start > site.Start);

    private static CandidateGroup GroupOf(ISymbol symbol, CompletionSite site) => symbol switch
    {
        INamespaceSymbol => CandidateGroup.Namespace,
        ITypeParameterSymbol => CandidateGroup.Local,
        ITypeSymbol => SymbolText.IsOfCell(symbol) ? CandidateGroup.Cell : CandidateGroup.Type,
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => CandidateGroup.Local,
        _ when SymbolText.IsOfCell(symbol) || symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction } =>
            CandidateGroup.Cell,
        { ContainingType.SpecialType: SpecialType.System_Object } => CandidateGroup.OfObject,
        { IsStatic: true } when !IsAround(symbol.ContainingType, site) => CandidateGroup.Imported,
        _ => CandidateGroup.Member,
    };

    // Whether the place is inside the type, so that its static members are one's own.
    private static bool IsAround(INamedTypeSymbol type, CompletionSite site) =>
        type.DeclaringSyntaxReferences.Any(declared => declared.SyntaxTree == site.Token.SyntaxTree &&
            declared.Span.Contains(site.Start));
}
