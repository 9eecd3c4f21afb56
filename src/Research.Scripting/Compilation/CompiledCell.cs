using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Compilation;

/// <summary>What the compiler made of a cell.</summary>
/// <param name="Image">What runs.</param>
/// <param name="Link">What later cells see; null when it declares nothing.</param>
/// <param name="Compilation">The compiler's view of it.</param>
internal sealed record CompiledCell(CellImage Image, CellLink? Link, CSharpCompilation Compilation)
{
    /// <summary>Tells whether the cell ends in an expression, whose value may well be null, or in nothing at
    /// all.</summary>
    public bool HasTrailingExpression()
    {
        SyntaxTree tree = Compilation.SyntaxTrees[0];
        return tree.GetRoot() is CompilationUnitSyntax { Members: [.., GlobalStatementSyntax last] } &&
            last.Statement is ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement &&
            Compilation.GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type
                is { SpecialType: not SpecialType.System_Void };
    }

    /// <summary>Gets the names in the cell's code that may run later.</summary>
    /// <param name="finished">False when the cell was abandoned, so that any of it may still run.</param>
    public IEnumerable<string> CapturedNames(bool finished) =>
        Declarations.Captured(((CSharpSyntaxTree)Compilation.SyntaxTrees[0]).GetCompilationUnitRoot(), all: !finished);
}
