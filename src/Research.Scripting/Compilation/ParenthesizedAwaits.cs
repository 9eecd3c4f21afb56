using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Compilation;

/// <summary>Makes <c>await (expression)</c> at the top of a cell an await.</summary>
/// <remarks>
/// In a script, Roslyn's parser takes it for a call of a method named <c>await</c>, unless a word follows
/// (LanguageParser.IsAwaitExpression). The tokens stay as they are, so lines and columns do too.
/// </remarks>
internal sealed partial class ParenthesizedAwaits : CSharpSyntaxRewriter
{
    private ParenthesizedAwaits()
    {
    }

    /// <summary>Gets the cell with its awaits; the same tree when it has none of that kind.</summary>
    public static SyntaxTree Mended(SyntaxTree tree, string code)
    {
        if (!Form().IsMatch(code))
        {
            return tree;
        }

        SyntaxNode root = tree.GetRoot();
        SyntaxNode mended = new ParenthesizedAwaits().Visit(root)!;
        return ReferenceEquals(root, mended) ? tree : CSharpSyntaxTree.Create(
            (CSharpSyntaxNode)mended, (CSharpParseOptions)tree.Options, tree.FilePath, tree.Encoding);
    }

    /// <inheritdoc/>
    public override SyntaxNode? Visit(SyntaxNode? node) =>
        node is ExpressionSyntax chain and (InvocationExpressionSyntax or MemberAccessExpressionSyntax or
            ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or PostfixUnaryExpressionSyntax) &&
        Start(chain) is { } call
            ? Awaited(chain, call)
            : base.Visit(node);

    // An await binds less tightly than what follows the parenthesis: await (x).F() awaits (x).F().
    private AwaitExpressionSyntax Awaited(ExpressionSyntax chain, InvocationExpressionSyntax call)
    {
        SyntaxToken word = ((IdentifierNameSyntax)call.Expression).Identifier;
        ArgumentListSyntax arguments = (ArgumentListSyntax)Visit(call.ArgumentList)!;
        ExpressionSyntax operand = arguments.Arguments.Count == 1
            ? SyntaxFactory.ParenthesizedExpression(
                arguments.OpenParenToken, arguments.Arguments[0].Expression, arguments.CloseParenToken)
            : SyntaxFactory.TupleExpression(arguments.OpenParenToken, arguments.Arguments, arguments.CloseParenToken);
        ExpressionSyntax whole = chain == call ? operand : chain.ReplaceNode(call, operand);
        return SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(word.LeadingTrivia, SyntaxKind.AwaitKeyword, word.TrailingTrivia), whole);
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) => node;

    /// <inheritdoc/>
    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) => node;

    /// <inheritdoc/>
    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => node;

    /// <inheritdoc/>
    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => node;

    /// <inheritdoc/>
    public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => node;

    /// <inheritdoc/>
    public override SyntaxNode? VisitClassDeclaration(ClassDeclarationSyntax node) => node;

    private static InvocationExpressionSyntax? Start(ExpressionSyntax chain) => chain switch
    {
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "await" } } call
            when call.ArgumentList.Arguments.Count > 0 => call,
        InvocationExpressionSyntax call => Start(call.Expression),
        MemberAccessExpressionSyntax access => Start(access.Expression),
        ElementAccessExpressionSyntax access => Start(access.Expression),
        ConditionalAccessExpressionSyntax access => Start(access.Expression),
        PostfixUnaryExpressionSyntax postfix => Start(postfix.Operand),
        _ => null,
    };

    [GeneratedRegex(@"\bawait\s*\(", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
