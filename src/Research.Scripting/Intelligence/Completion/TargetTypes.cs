using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Tells which types the place of an expression asks for.</summary>
internal static class TargetTypes
{
    /// <summary>Gets the expected types, none when any would do.</summary>
    public static IEnumerable<ITypeSymbol> Of(ExpressionSyntax expression, SemanticModel model) =>
        Expected(expression, model)
            .Select(Underlying)
            .OfType<ITypeSymbol>()
            .Where(type => type.TypeKind != TypeKind.Error)
            .Distinct<ITypeSymbol>(SymbolEqualityComparer.Default);

    private static IEnumerable<ITypeSymbol?> Expected(ExpressionSyntax expression, SemanticModel model)
    {
        switch (expression.Parent)
        {
            case ParenthesizedExpressionSyntax parent:
                return Expected(parent, model);
            case ConditionalExpressionSyntax choice when choice.Condition != expression:
                return Expected(choice, model);
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax all } }:
                return all.Type.IsVar ? [] : [model.GetTypeInfo(all.Type).Type];
            case EqualsValueClauseSyntax { Parent: ParameterSyntax { Type: { } type } }:
                return [model.GetTypeInfo(type).Type];
            case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property }:
                return [model.GetTypeInfo(property.Type).Type];
            case AssignmentExpressionSyntax assignment when assignment.Right == expression:
                return [model.GetTypeInfo(assignment.Left).Type];
            case BinaryExpressionSyntax binary:
                return [OtherSide(binary, expression, model)];
            case ArgumentSyntax { Parent: BaseArgumentListSyntax list }:
                return Parameters(list, expression, model);
            case ReturnStatementSyntax or ArrowExpressionClauseSyntax:
                return [Returned(model.GetEnclosingSymbol(expression.SpanStart))];
            case CaseSwitchLabelSyntax { Parent.Parent: SwitchStatementSyntax statement }:
                return [model.GetTypeInfo(statement.Expression).Type];
            case ConstantPatternSyntax pattern:
                return [model.GetTypeInfo(pattern).ConvertedType];
            default:
                return [];
        }
    }

    private static ITypeSymbol? OtherSide(
        BinaryExpressionSyntax binary, ExpressionSyntax expression, SemanticModel model)
    {
        ExpressionSyntax other = binary.Left == expression ? binary.Right : binary.Left;
        ITypeSymbol? type = model.GetTypeInfo(other).Type;
        bool compares = binary.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression
            or SyntaxKind.CoalesceExpression or SyntaxKind.BitwiseOrExpression or SyntaxKind.BitwiseAndExpression;
        return compares || type?.TypeKind == TypeKind.Enum ? type : null;
    }

    private static IEnumerable<ITypeSymbol?> Parameters(
        BaseArgumentListSyntax list, ExpressionSyntax expression, SemanticModel model) =>
        CallSite.Of(list, model) is { } call
            ? call.Targets.Select(target => call.ParameterAt(target, expression.SpanStart)).Select(TypeOf)
            : [];

    private static ITypeSymbol? TypeOf(IParameterSymbol? parameter) =>
        parameter is { IsParams: true, Type: IArrayTypeSymbol array } ? array.ElementType : parameter?.Type;

    private static ITypeSymbol? Returned(ISymbol? enclosing) => enclosing switch
    {
        IMethodSymbol { IsAsync: true, ReturnType: INamedTypeSymbol { TypeArguments: [{ } result] } } => result,
        IMethodSymbol { IsAsync: false } method => method.ReturnType,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static ITypeSymbol? Underlying(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
}
