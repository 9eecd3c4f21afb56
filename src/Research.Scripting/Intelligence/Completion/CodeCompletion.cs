using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Completes C#.</summary>
internal static class CodeCompletion
{
    /// <summary>Lists what may stand at a site, best first.</summary>
    public static CompletionList At(CompletionSite site)
    {
        CandidateList candidates = new(site.Prefix);
        SiteKind kind = SiteClassifier.Classify(site.Token);
        kind = kind == SiteKind.Expression && IsTypeArgument(site) ? SiteKind.Type : kind;
        foreach (string keyword in Keywords.At(kind, IsInType(site.Token)))
        {
            candidates.Add(keyword, "keyword", CandidateGroup.Keyword);
        }

        Add(kind, site, candidates);
        return new CompletionList(site.Start, site.End, candidates.Ranked());
    }

    private static void Add(SiteKind kind, CompletionSite site, CandidateList candidates)
    {
        switch (kind)
        {
            case SiteKind.Member:
                MemberCandidates.Add(site, candidates);
                break;
            case SiteKind.Namespace:
                AddNamespaces(site, candidates);
                break;
            case SiteKind.Type:
            case SiteKind.TypeMember:
                ScopeCandidates.AddTypes(site, candidates, static _ => true);
                break;
            case SiteKind.ExceptionType:
                ScopeCandidates.AddTypes(site, candidates, ScopeCandidates.IsException);
                break;
            case SiteKind.NewType:
                ExpectedCandidates.AddNewTypes(site, candidates);
                ScopeCandidates.AddTypes(site, candidates, ScopeCandidates.CanBeNew);
                break;
            case SiteKind.Attribute:
                ScopeCandidates.AddAttributes(site, candidates);
                break;
            case SiteKind.ObjectMember:
                AddInside(site, candidates);
                break;
            case SiteKind.Expression:
            case SiteKind.Statement:
                ExpectedCandidates.AddEnumMembers(site, candidates);
                ExpectedCandidates.AddArgumentNames(site, candidates);
                ScopeCandidates.AddAll(site, candidates);
                break;
        }
    }

    // The braces of a collection may hold any expression; those of an object, only its members.
    private static void AddInside(CompletionSite site, CandidateList candidates)
    {
        ExpectedCandidates.AddObjectMembers(site, candidates);
        if (site.Token.Parent is IdentifierNameSyntax name &&
            SiteClassifier.InitializerOf(name)?.Parent is { } parent and not WithExpressionSyntax &&
            IsCollection(site.Model.GetTypeInfo(parent).Type))
        {
            ScopeCandidates.AddAll(site, candidates);
        }
    }

    private static bool IsCollection(ITypeSymbol? type) =>
        type?.AllInterfaces.Any(face => face.SpecialType == SpecialType.System_Collections_IEnumerable) == true;

    private static void AddNamespaces(CompletionSite site, CandidateList candidates)
    {
        INamespaceSymbol? outer = null;
        if (site.Token.Parent?.Parent is QualifiedNameSyntax qualified)
        {
            outer = site.Model.GetSymbolInfo(qualified.Left).Symbol as INamespaceSymbol;
            if (outer is null)
            {
                return;
            }
        }

        foreach (ISymbol symbol in site.Model.LookupNamespacesAndTypes(site.Start, outer))
        {
            if (symbol is INamespaceSymbol)
            {
                candidates.Add(symbol, CandidateGroup.Namespace);
            }
        }

        if (outer is null)
        {
            candidates.Add("static", "keyword", CandidateGroup.Keyword);
        }
    }

    // Without its end, a list of type arguments looks like a comparison.
    private static bool IsTypeArgument(CompletionSite site)
    {
        if (site.Token.Parent?.Parent is not BinaryExpressionSyntax
            {
                OperatorToken.RawKind: (int)SyntaxKind.LessThanToken, Left: IdentifierNameSyntax generic,
            })
        {
            return false;
        }

        ImmutableArray<ISymbol> named =
            site.Model.LookupSymbols(site.Start, name: generic.Identifier.ValueText);
        return named.Length > 0 && named.All(symbol => symbol is INamedTypeSymbol);
    }

    private static bool IsInType(SyntaxToken token) =>
        token.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not null;
}
