using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Finds what may follow a dot.</summary>
internal static class MemberCandidates
{
    public static void Add(CompletionSite site, CandidateList candidates)
    {
        switch (site.Token.Parent!.Parent)
        {
            case MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax }:
                foreach (ISymbol symbol in site.Model.LookupBaseMembers(site.Start))
                {
                    candidates.Add(symbol, CandidateGroup.Inherited);
                }

                break;
            case MemberAccessExpressionSyntax access:
                AddOf(access.Expression, access, site, candidates);
                break;
            case QualifiedNameSyntax qualified:
                AddOf(qualified.Left, qualified, site, candidates);
                break;
            case AliasQualifiedNameSyntax { Alias.Identifier.RawKind: (int)SyntaxKind.GlobalKeyword }:
                AddNamespace(site.Model.Compilation.GlobalNamespace, site, candidates);
                break;
            case AliasQualifiedNameSyntax alias:
                AddOf(alias.Alias, alias, site, candidates);
                break;
            case MemberBindingExpressionSyntax binding when Receiver(binding) is { } receiver:
                AddMembers(NonNullable(site.Model.GetTypeInfo(receiver).Type), site, candidates);
                break;
        }
    }

    // In a?.b?.c, what c is a member of is the whole of .b.
    private static ExpressionSyntax? Receiver(MemberBindingExpressionSyntax binding) => binding.Ancestors()
        .OfType<ConditionalAccessExpressionSyntax>()
        .FirstOrDefault(access => access.WhenNotNull.Span.Contains(binding.Span))?.Expression;

    private static void AddOf(
        ExpressionSyntax left, ExpressionSyntax whole, CompletionSite site, CandidateList candidates)
    {
        bool typeOnly = SiteClassifier.IsTypeOnly(whole);
        ISymbol? named = Bind(left, SpeculativeBindingOption.BindAsTypeOrNamespace, site);
        switch (named)
        {
            case INamespaceSymbol space:
                AddNamespace(space, site, candidates);
                break;
            case ITypeSymbol type:
                AddStatic(type, typeOnly, site, candidates);
                break;
        }

        if (!typeOnly && Value(left, site) is { } value)
        {
            bool pointed = left.Parent is MemberAccessExpressionSyntax access &&
                access.IsKind(SyntaxKind.PointerMemberAccessExpression);
            AddMembers(pointed ? (value as IPointerTypeSymbol)?.PointedAtType : value, site, candidates);
        }
    }

    private static ISymbol? Bind(ExpressionSyntax left, SpeculativeBindingOption option, CompletionSite site)
    {
        if (left is not (NameSyntax or MemberAccessExpressionSyntax or PredefinedTypeSyntax))
        {
            return null;
        }

        // A name that follows "new" or stands for half a statement may have been read as something else than it is.
        ExpressionSyntax again = option == SpeculativeBindingOption.BindAsTypeOrNamespace
            ? SyntaxFactory.ParseTypeName(left.ToString())
            : SyntaxFactory.ParseExpression(left.ToString());
        ISymbol? symbol = site.Model.GetSpeculativeSymbolInfo(site.Start, again, option).Symbol;
        return symbol is IAliasSymbol alias ? alias.Target : symbol;
    }

    private static ITypeSymbol? Value(ExpressionSyntax left, CompletionSite site)
    {
        if (left is not NameSyntax name || left.Parent is MemberAccessExpressionSyntax)
        {
            ISymbol? symbol = site.Model.GetSymbolInfo(left).Symbol;
            ITypeSymbol? type = site.Model.GetTypeInfo(left).Type;
            if (symbol is not (ITypeSymbol or INamespaceSymbol) && IsValue(type))
            {
                return type;
            }

            if (left is not NameSyntax)
            {
                return null;
            }
        }

        ExpressionSyntax expression = SyntaxFactory.ParseExpression(left.ToString());
        ISymbol? bound = site.Model
            .GetSpeculativeSymbolInfo(site.Start, expression, SpeculativeBindingOption.BindAsExpression).Symbol;
        ITypeSymbol? value = site.Model
            .GetSpeculativeTypeInfo(site.Start, expression, SpeculativeBindingOption.BindAsExpression).Type;
        return bound is null or ITypeSymbol or INamespaceSymbol || !IsValue(value) ? null : value;
    }

    private static bool IsValue(ITypeSymbol? type) =>
        type is { SpecialType: not SpecialType.System_Void, TypeKind: not TypeKind.Error };

    private static ITypeSymbol? NonNullable(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;

    private static void AddNamespace(INamespaceSymbol space, CompletionSite site, CandidateList candidates)
    {
        foreach (ISymbol symbol in site.Model.LookupNamespacesAndTypes(site.Start, space))
        {
            candidates.Add(symbol, symbol is INamespaceSymbol ? CandidateGroup.Namespace : CandidateGroup.Type);
        }
    }

    private static void AddStatic(ITypeSymbol type, bool typeOnly, CompletionSite site, CandidateList candidates)
    {
        bool named = site.Token.Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>() is
        { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };
        IEnumerable<ISymbol> found = typeOnly ? site.Model.LookupNamespacesAndTypes(site.Start, type)
            : named ? site.Model.LookupSymbols(site.Start, type)
            : site.Model.LookupStaticMembers(site.Start, type);
        foreach (ISymbol symbol in found)
        {
            candidates.Add(symbol, GroupOf(symbol, type));
        }
    }

    private static void AddMembers(ITypeSymbol? type, CompletionSite site, CandidateList candidates)
    {
        if (!IsValue(type) || type is IPointerTypeSymbol)
        {
            return;
        }

        ImmutableArray<ISymbol> found =
            site.Model.LookupSymbols(site.Start, type, includeReducedExtensionMethods: true);
        foreach (ISymbol symbol in found)
        {
            bool extends = symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension } ||
                symbol.ContainingType is { IsExtension: true };
            if (symbol is not ITypeSymbol && (extends || !symbol.IsStatic))
            {
                candidates.Add(symbol, extends ? CandidateGroup.Extension : GroupOf(symbol, type!));
            }
        }
    }

    private static CandidateGroup GroupOf(ISymbol symbol, ITypeSymbol type) => symbol switch
    {
        ITypeSymbol => CandidateGroup.Type,
        { ContainingType.SpecialType: SpecialType.System_Object } when type.SpecialType != SpecialType.System_Object =>
            CandidateGroup.OfObject,
        _ when IsOverrideOfObject(symbol) => CandidateGroup.OfObject,
        _ when SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type) => CandidateGroup.Member,
        _ => CandidateGroup.Inherited,
    };

    // ToString, Equals and GetHashCode are everywhere; that a type overrides them makes them no more interesting.
    private static bool IsOverrideOfObject(ISymbol symbol)
    {
        IMethodSymbol? method = symbol as IMethodSymbol;
        while (method?.OverriddenMethod is { } overridden)
        {
            method = overridden;
        }

        return method is { ContainingType.SpecialType: SpecialType.System_Object } &&
            !ReferenceEquals(method, symbol);
    }
}
