using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Compilation;

/// <summary>Reads off a cell's syntax what it declares, and what its code may still need after it ran.</summary>
internal static class Declarations
{
    /// <summary>Gets what a cell declares at its top level, under names that a second declaration of the same
    /// shares: <c>x</c> for a variable or type, <c>F(int)</c> for a method.</summary>
    public static HashSet<string> Of(CompilationUnitSyntax cell)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (MemberDeclarationSyntax member in cell.Members)
        {
            switch (member)
            {
                case FieldDeclarationSyntax field:
                    names.UnionWith(field.Declaration.Variables.Select(variable => variable.Identifier.ValueText));
                    break;
                case TypeDeclarationSyntax { Arity: 0 } type:
                    names.Add(type.Identifier.ValueText);
                    break;
                case EnumDeclarationSyntax type:
                    names.Add(type.Identifier.ValueText);
                    break;
                case MethodDeclarationSyntax method:
                    names.Add($"{method.Identifier.ValueText}`{method.Arity}({string.Join(
                        ',', method.ParameterList.Parameters.Select(parameter => $"{parameter.Modifiers} {parameter.Type}"))})");
                    break;
            }
        }

        return names;
    }

    /// <summary>Gets the namespaces that a cell opens.</summary>
    public static IEnumerable<UsingDirectiveSyntax> OpenedNamespaces(CompilationUnitSyntax cell) =>
        cell.Usings.Where(directive => directive is { Alias: null, StaticKeyword.RawKind: 0, GlobalKeyword.RawKind: 0 });

    /// <summary>Gets every name in code that may run after the cell: in functions, lambdas and types.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="all">Whether all of its code may.</param>
    public static IEnumerable<string> Captured(CompilationUnitSyntax cell, bool all) =>
        from node in cell.DescendantNodesAndSelf(node => !all && !RunsLater(node))
        where all || RunsLater(node)
        from token in node.DescendantTokens()
        where token.Parent is IdentifierNameSyntax
        select token.ValueText;

    private static bool RunsLater(SyntaxNode node) => node is
        AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or
        BasePropertyDeclarationSyntax or BaseTypeDeclarationSyntax or QueryExpressionSyntax or RefTypeSyntax or
        RefExpressionSyntax;
}
