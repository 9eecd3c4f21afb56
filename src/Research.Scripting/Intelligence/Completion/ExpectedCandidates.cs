using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Finds what a place itself asks for: members of an enum, the type to create, names of parameters, members
/// to initialise.</summary>
internal static class ExpectedCandidates
{
    /// <summary>Adds the members of the enums that are expected.</summary>
    public static void AddEnumMembers(CompletionSite site, CandidateList candidates)
    {
        foreach (ITypeSymbol type in TargetTypes.Of((IdentifierNameSyntax)site.Token.Parent!, site.Model)
            .Where(type => type.TypeKind == TypeKind.Enum))
        {
            string name = type.ToMinimalDisplayString(site.Model, site.Start);
            foreach (IFieldSymbol member in type.GetMembers().OfType<IFieldSymbol>())
            {
                candidates.Add(member, CandidateGroup.Expected, $"{name}.{member.Name}");
            }
        }
    }

    /// <summary>Adds the type that a <c>new</c> is expected to make.</summary>
    public static void AddNewTypes(CompletionSite site, CandidateList candidates)
    {
        if (site.Token.Parent?.Parent is not ExpressionSyntax creation)
        {
            return;
        }

        foreach (ITypeSymbol type in TargetTypes.Of(creation, site.Model).Where(ScopeCandidates.CanBeNew))
        {
            string text = type.ToMinimalDisplayString(
                site.Model, site.Start, SymbolDisplayFormat.MinimallyQualifiedFormat.RemoveMiscellaneousOptions(
                    SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));
            candidates.Add(type, CandidateGroup.Expected, text);
        }
    }

    /// <summary>Adds the names of the parameters that have no argument yet.</summary>
    public static void AddArgumentNames(CompletionSite site, CandidateList candidates)
    {
        if (site.Token.Parent?.Parent is not ArgumentSyntax
            {
                NameColon: null, RefKindKeyword.RawKind: 0, Parent: ArgumentListSyntax list,
            } || CallSite.Of(list, site.Model) is not { } call)
        {
            return;
        }

        int position = call.IndexAt(site.Start);
        HashSet<string> taken = [.. call.Named];
        foreach (ISymbol target in call.Targets)
        {
            foreach (IParameterSymbol parameter in CallSite.ParametersOf(target).Skip(position))
            {
                if (taken.Add(parameter.Name))
                {
                    candidates.Add(
                        $"{parameter.Name}:", "argument", CandidateGroup.Local, SymbolText.SignatureOf(parameter));
                }
            }
        }
    }

    /// <summary>Adds the members that an initialiser may set, or a pattern may test.</summary>
    public static void AddObjectMembers(CompletionSite site, CandidateList candidates)
    {
        IdentifierNameSyntax name = (IdentifierNameSyntax)site.Token.Parent!;
        InitializerExpressionSyntax? initializer = SiteClassifier.InitializerOf(name);
        ITypeSymbol? type = initializer is null ? PatternType(name, site.Model) : Initialised(initializer, site.Model);
        if (type is null || type.TypeKind == TypeKind.Error)
        {
            return;
        }

        HashSet<string> taken = [.. initializer?.Expressions.OfType<AssignmentExpressionSyntax>()
            .Select(assignment => assignment.Left.ToString()) ?? []];
        foreach (ISymbol symbol in site.Model.LookupSymbols(site.Start, type))
        {
            bool fits = symbol is { IsStatic: false } and (IFieldSymbol or IPropertySymbol) &&
                !taken.Contains(symbol.Name) && (initializer is null || CanBeSet(symbol, site));
            if (fits)
            {
                candidates.Add(symbol, CandidateGroup.Expected);
            }
        }
    }

    private static ITypeSymbol? Initialised(InitializerExpressionSyntax initializer, SemanticModel model) =>
        initializer.Parent switch
        {
            AssignmentExpressionSyntax nested => model.GetTypeInfo(nested.Left).Type,
            ExpressionSyntax creation => model.GetTypeInfo(creation).Type,
            _ => null,
        };

    private static ITypeSymbol? PatternType(IdentifierNameSyntax name, SemanticModel model) =>
        name.FirstAncestorOrSelf<RecursivePatternSyntax>() is { } pattern
            ? pattern.Type is { } type ? model.GetTypeInfo(type).Type : model.GetTypeInfo(pattern).ConvertedType
            : null;

    // A read-only property can still be initialised when it is itself an object or a collection.
    private static bool CanBeSet(ISymbol symbol, CompletionSite site) => symbol switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol { SetMethod: { } set } => site.Model.IsAccessible(site.Start, set),
        IPropertySymbol property => property.Type is { IsReferenceType: true, SpecialType: SpecialType.None },
        _ => false,
    };
}
