using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Inspection;

/// <summary>Finds the symbol that a place in code names.</summary>
internal static class SymbolAtPosition
{
    /// <summary>Finds the symbol under the cursor, or the one that ends just before it.</summary>
    public static ISymbol? Find(SemanticModel model, int position)
    {
        SyntaxNode root = model.SyntaxTree.GetRoot();
        SyntaxToken here = root.FindToken(position);
        if (here.SpanStart <= position && Of(here, model) is { } under)
        {
            return under;
        }

        SyntaxToken before = position == 0 ? here : root.FindToken(position - 1);
        return before != here && before.Span.End == position ? Of(before, model) : null;
    }

    /// <summary>Finds the innermost call between whose parentheses the cursor is.</summary>
    public static CallSite? FindCall(SemanticModel model, int position)
    {
        SyntaxToken token = model.SyntaxTree.GetRoot().FindToken(position);
        if (token.SpanStart >= position)
        {
            token = token.GetPreviousToken();
        }

        return token.Parent?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>()
            .Where(list => IsInside(list, position))
            .Select(list => CallSite.Of(list, model))
            .FirstOrDefault(call => call is not null);
    }

    private static bool IsInside(BaseArgumentListSyntax list, int position)
    {
        (SyntaxToken open, SyntaxToken close) = list is ArgumentListSyntax arguments
            ? (arguments.OpenParenToken, arguments.CloseParenToken)
            : (list.GetFirstToken(), list.GetLastToken(includeZeroWidth: true));
        return !open.IsMissing && position >= open.Span.End && (close.IsMissing || position <= close.SpanStart);
    }

    private static ISymbol? Of(SyntaxToken token, SemanticModel model)
    {
        if (token.Parent is not { } node ||
            (!token.IsKind(SyntaxKind.IdentifierToken) && node is not PredefinedTypeSyntax))
        {
            return null;
        }

        if (model.GetDeclaredSymbol(node) is { } declared && node is not (CompilationUnitSyntax or ExpressionSyntax))
        {
            return declared;
        }

        SymbolInfo info = model.GetSymbolInfo(node);
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault()
            ?? model.GetMemberGroup(node).FirstOrDefault() ?? model.GetTypeInfo(node).Type;
        symbol = symbol is IAliasSymbol alias ? alias.Target : symbol;
        bool isAttribute = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor };
        return symbol is ITypeSymbol { TypeKind: TypeKind.Error } ? null
            : isAttribute ? symbol!.ContainingType
            : symbol;
    }
}
