using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Compilation;

/// <summary>Makes <c>_ = value</c> a discard where <c>_</c> means the read-only tag of PocketView.</summary>
/// <remarks>Every cell has PocketView's tags at hand, as .NET Interactive's have: there, <c>_ = Task.Run(…)</c> is an
/// error.</remarks>
internal sealed class DiscardAssignments : CSharpSyntaxRewriter
{
    /// <summary>The error of an assignment to a read-only property.</summary>
    public const string ErrorId = "CS0200";

    private static readonly ExpressionSyntax Nowhere =
        SyntaxFactory.ParseExpression("global::Research.Scripting.Discarded.Value");

    private DiscardAssignments()
    {
    }

    public static SyntaxTree Added(SyntaxTree tree) => CSharpSyntaxTree.Create(
        (CSharpSyntaxNode)new DiscardAssignments().Visit(tree.GetRoot()),
        (CSharpParseOptions)tree.Options,
        tree.FilePath,
        tree.Encoding);

    /// <inheritdoc/>
    public override SyntaxNode? VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        AssignmentExpressionSyntax visited = (AssignmentExpressionSyntax)base.VisitAssignmentExpression(node)!;
        return visited.IsKind(SyntaxKind.SimpleAssignmentExpression) &&
            visited.Left is IdentifierNameSyntax { Identifier.ValueText: "_" }
            ? visited.WithLeft(Nowhere.WithTriviaFrom(visited.Left))
            : visited;
    }
}
