using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Notebooks.Parameters;

/// <summary>A variable of the cell tagged <c>parameters</c>: how it is declared, and what its values are.</summary>
/// <param name="Declared">The type as written: <c>int</c>, <c>List&lt;double&gt;</c>, <c>var</c>.</param>
/// <param name="Type">The type of its value, as far as the initializer tells for <c>var</c>; empty when it does
/// not.</param>
internal sealed record DeclaredParameter(string Declared, string Type)
{
    /// <summary>Gets what is known of a name that no cell declares.</summary>
    public static DeclaredParameter Unknown { get; } = new("var", "");

    public static DeclaredParameter Of(TypeSyntax type, ExpressionSyntax? value) =>
        type.IsVar
            ? new DeclaredParameter("var", TypeOf(value))
            : new DeclaredParameter(type.ToString(), type.ToString());

    private static string TypeOf(ExpressionSyntax? value) => value switch
    {
        PrefixUnaryExpressionSyntax sign => TypeOf(sign.Operand),
        InterpolatedStringExpressionSyntax => "string",
        LiteralExpressionSyntax { Token.Value: double or float } => "double",
        LiteralExpressionSyntax literal => literal.Kind() switch
        {
            SyntaxKind.StringLiteralExpression => "string",
            SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression => "bool",
            SyntaxKind.CharacterLiteralExpression => "char",
            _ => "",
        },
        ArrayCreationExpressionSyntax array => array.Type.ToString(),
        ImplicitArrayCreationExpressionSyntax { Initializer.Expressions: [{ } first, ..] } =>
            (TypeOf(first) is { Length: > 0 } element ? element : "int") + "[]",
        ObjectCreationExpressionSyntax created => created.Type.ToString(),
        { } other when other.DescendantTokens().Any(token => token.Value is double or float) => "double",
        _ => "",
    };
}
