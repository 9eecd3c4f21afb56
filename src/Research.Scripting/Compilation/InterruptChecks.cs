using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Compilation;

/// <summary>Adds an <see cref="Interrupt.Check"/> to each loop and function of a cell.</summary>
/// <remarks>Nothing is added that ends a line, so that stack traces keep their line numbers. Lambdas that are one
/// expression stay as they are: they may be expression trees.</remarks>
internal sealed class InterruptChecks : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax Check =
        SyntaxFactory.ParseStatement("global::Research.Scripting.Interrupt.Check();");

    private InterruptChecks()
    {
    }

    /// <summary>Gets the cell with the checks; the same tree when it has neither loops nor functions.</summary>
    public static SyntaxTree Added(SyntaxTree tree)
    {
        SyntaxNode root = tree.GetRoot();
        SyntaxNode rewritten = new InterruptChecks().Visit(root);
        return ReferenceEquals(root, rewritten) ? tree : CSharpSyntaxTree.Create(
            (CSharpSyntaxNode)rewritten, (CSharpParseOptions)tree.Options, tree.FilePath, tree.Encoding);
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node)
    {
        WhileStatementSyntax visited = (WhileStatementSyntax)base.VisitWhileStatement(node)!;
        return visited.WithStatement(Checked(visited.Statement));
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node)
    {
        DoStatementSyntax visited = (DoStatementSyntax)base.VisitDoStatement(node)!;
        return visited.WithStatement(Checked(visited.Statement));
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitForStatement(ForStatementSyntax node)
    {
        ForStatementSyntax visited = (ForStatementSyntax)base.VisitForStatement(node)!;
        return visited.WithStatement(Checked(visited.Statement));
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node)
    {
        ForEachStatementSyntax visited = (ForEachStatementSyntax)base.VisitForEachStatement(node)!;
        return visited.WithStatement(Checked(visited.Statement));
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        ForEachVariableStatementSyntax visited =
            (ForEachVariableStatementSyntax)base.VisitForEachVariableStatement(node)!;
        return visited.WithStatement(Checked(visited.Statement));
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        MethodDeclarationSyntax visited = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
        return visited switch
        {
            { Body: { } body } => visited.WithBody(Checked(body)),
            { ExpressionBody: { } expression } => visited.WithExpressionBody(null)
                .WithSemicolonToken(default)
                .WithBody(Checked(expression, visited.SemicolonToken, visited.ReturnType, visited.Modifiers)),
            _ => visited,
        };
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        LocalFunctionStatementSyntax visited = (LocalFunctionStatementSyntax)base.VisitLocalFunctionStatement(node)!;
        return visited switch
        {
            { Body: { } body } => visited.WithBody(Checked(body)),
            { ExpressionBody: { } expression } => visited.WithExpressionBody(null)
                .WithSemicolonToken(default)
                .WithBody(Checked(expression, visited.SemicolonToken, visited.ReturnType, visited.Modifiers)),
            _ => visited,
        };
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        SimpleLambdaExpressionSyntax visited = (SimpleLambdaExpressionSyntax)base.VisitSimpleLambdaExpression(node)!;
        return visited.Block is { } block ? visited.WithBlock(Checked(block)) : visited;
    }

    /// <inheritdoc/>
    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        ParenthesizedLambdaExpressionSyntax visited =
            (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(node)!;
        return visited.Block is { } block ? visited.WithBlock(Checked(block)) : visited;
    }

    private static BlockSyntax Checked(StatementSyntax body) => body is BlockSyntax block
        ? Checked(block)
        : SyntaxFactory.Block(
            SyntaxFactory.Token(SyntaxKind.OpenBraceToken), [Check, body], SyntaxFactory.Token(SyntaxKind.CloseBraceToken));

    private static BlockSyntax Checked(BlockSyntax block) => block.WithStatements(block.Statements.Insert(0, Check));

    private static BlockSyntax Checked(
        ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, TypeSyntax returnType, SyntaxTokenList modifiers)
    {
        bool returnsNothing = returnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } ||
            (modifiers.Any(SyntaxKind.AsyncKeyword) && returnType is IdentifierNameSyntax or QualifiedNameSyntax);
        SyntaxToken end = SyntaxFactory.Token(SyntaxKind.SemicolonToken);
        StatementSyntax statement = arrow.Expression switch
        {
            ThrowExpressionSyntax thrown => SyntaxFactory.ThrowStatement(
                thrown.ThrowKeyword, thrown.Expression, end),
            _ when returnsNothing => SyntaxFactory.ExpressionStatement(arrow.Expression, end),
            _ => SyntaxFactory.ReturnStatement(
                SyntaxFactory.Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(SyntaxFactory.Space), arrow.Expression, end),
        };
        return SyntaxFactory.Block(
            SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithTrailingTrivia(arrow.ArrowToken.TrailingTrivia),
            [Check, statement],
            SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(semicolon.TrailingTrivia));
    }
}
