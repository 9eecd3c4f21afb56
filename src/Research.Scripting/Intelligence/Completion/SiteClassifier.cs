using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Reads from the syntax around the completed word what may stand there.</summary>
internal static class SiteClassifier
{
    public static SiteKind Classify(SyntaxToken token)
    {
        if (token.Parent is not IdentifierNameSyntax name)
        {
            return token.Parent is AccessorDeclarationSyntax or AccessorListSyntax
                ? SiteKind.Accessor
                : SiteKind.Declaration;
        }

        UsingDirectiveSyntax? import = name.FirstAncestorOrSelf<UsingDirectiveSyntax>();
        if (import is { StaticKeyword.RawKind: 0, Alias: null })
        {
            return SiteKind.Namespace;
        }

        return IsAfterQualifier(name) ? SiteKind.Member : import is not null ? SiteKind.Type : ClassifySimple(name);
    }

    /// <summary>Tells whether only a type or a namespace can stand where a qualified name does.</summary>
    public static bool IsTypeOnly(ExpressionSyntax name) => !StartsStatement(name) && IsTypePlace(name);

    private static bool IsAfterQualifier(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name,
        QualifiedNameSyntax qualified => qualified.Right == name,
        AliasQualifiedNameSyntax alias => alias.Name == name,
        MemberBindingExpressionSyntax => true,
        _ => false,
    };

    private static SiteKind ClassifySimple(IdentifierNameSyntax name)
    {
        switch (name.Parent)
        {
            case BaseObjectCreationExpressionSyntax:
                return SiteKind.NewType;
            case CatchDeclarationSyntax:
                return SiteKind.ExceptionType;
            case AttributeSyntax:
                return SiteKind.Attribute;
            case NameColonSyntax { Parent: SubpatternSyntax }:
            case NameEqualsSyntax:
                return SiteKind.ObjectMember;
            case ConstantPatternSyntax { Parent: SubpatternSyntax { Parent: PropertyPatternClauseSyntax } }:
            case TypePatternSyntax { Parent: SubpatternSyntax { Parent: PropertyPatternClauseSyntax } }:
                return SiteKind.ObjectMember;
        }

        if (InitializerOf(name) is not null)
        {
            return SiteKind.ObjectMember;
        }

        return StartsStatement(name) ? SiteKind.Statement
            : StartsMember(name) ? SiteKind.TypeMember
            : IsTypePlace(name) ? SiteKind.Type
            : SiteKind.Expression;
    }

    /// <summary>Gets the initialiser whose next member a name begins, or null.</summary>
    public static InitializerExpressionSyntax? InitializerOf(IdentifierNameSyntax name)
    {
        SyntaxNode place = name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name
            ? assignment
            : name;
        return place.Parent is InitializerExpressionSyntax initializer &&
            (initializer.IsKind(SyntaxKind.ObjectInitializerExpression) ||
             initializer.IsKind(SyntaxKind.WithInitializerExpression) ||
             (initializer.IsKind(SyntaxKind.CollectionInitializerExpression) && initializer.Expressions.Count == 1))
            ? initializer
            : null;
    }

    private static bool IsTypePlace(ExpressionSyntax name) =>
        SyntaxFacts.IsInTypeOnlyContext(name) || name.Parent is
            TypeConstraintSyntax or BaseTypeSyntax or IncompleteMemberSyntax or VariableDeclarationSyntax
            or ParameterSyntax or TypeArgumentListSyntax or ArrayTypeSyntax or NullableTypeSyntax or RefTypeSyntax
            or TupleElementSyntax or MemberDeclarationSyntax or LocalFunctionStatementSyntax;

    // In a script, half a statement may look like the type of a field, a method or a property.
    private static bool StartsStatement(ExpressionSyntax name)
    {
        SyntaxNode? place = name.Ancestors().FirstOrDefault(node => node is StatementSyntax or MemberDeclarationSyntax
            or ElseClauseSyntax or LambdaExpressionSyntax or SwitchLabelSyntax);
        return place switch
        {
            StatementSyntax statement => statement.GetFirstToken() == name.GetFirstToken(),
            MemberDeclarationSyntax { Parent: CompilationUnitSyntax } member =>
                member.GetFirstToken() == name.GetFirstToken(),
            _ => false,
        };
    }

    private static bool StartsMember(IdentifierNameSyntax name) =>
        name.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member and not BaseTypeDeclarationSyntax &&
        member.Parent is TypeDeclarationSyntax or CompilationUnitSyntax &&
        ModifiersAndType(member, name);

    private static bool ModifiersAndType(MemberDeclarationSyntax member, IdentifierNameSyntax name)
    {
        SyntaxToken before = name.Identifier.GetPreviousToken();
        return member.GetFirstToken() == name.Identifier || member.Modifiers.Contains(before);
    }
}
