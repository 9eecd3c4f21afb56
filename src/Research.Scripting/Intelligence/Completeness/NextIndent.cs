using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completeness;

/// <summary>Says how far the next line of unfinished code is to be indented.</summary>
internal static class NextIndent
{
    private const int Step = 4;
    private const int Deepest = 80;

    /// <summary>Gets the spaces before the next line.</summary>
    public static string After(string code, CompilationUnitSyntax root)
    {
        Stack<SyntaxToken> open = new();
        SyntaxToken last = default;
        foreach (SyntaxToken token in root.DescendantTokens().Where(token => !token.IsMissing && token.Span.Length > 0))
        {
            last = token;
            switch (token.Kind())
            {
                case SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken:
                    open.Push(token);
                    break;
                case SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken:
                    open.TryPop(out _);
                    break;
            }
        }

        int spaces = open.TryPeek(out SyntaxToken innermost) ? Inside(code, innermost, last)
            : Continues(last) ? IndentOf(code, last.SpanStart) + Step
            : IndentOf(code, code.Length);
        return new string(' ', Math.Min(spaces, Deepest));
    }

    // Under a parenthesis that something follows, its column; else one step more than the line it is on.
    private static int Inside(string code, SyntaxToken open, SyntaxToken last)
    {
        int indent = IndentOf(code, open.SpanStart);
        SyntaxToken next = open.GetNextToken();
        bool aligned = !open.IsKind(SyntaxKind.OpenBraceToken) && open != last && LineStart(code, next.SpanStart) ==
            LineStart(code, open.SpanStart);
        return aligned ? next.SpanStart - LineStart(code, open.SpanStart)
            : Continues(last) && open != last && LineStart(code, last.SpanStart) != LineStart(code, open.SpanStart)
                ? IndentOf(code, last.SpanStart) + Step
                : indent + Step;
    }

    // An operator, a comma or a dot asks for more of the same expression.
    private static bool Continues(SyntaxToken last) => last.Kind() is SyntaxKind.EqualsToken or SyntaxKind.DotToken
        or SyntaxKind.EqualsGreaterThanToken or SyntaxKind.QuestionToken or SyntaxKind.ColonToken
        or SyntaxKind.AmpersandAmpersandToken or SyntaxKind.BarBarToken or SyntaxKind.QuestionQuestionToken
        || (last.Parent is BinaryExpressionSyntax binary && binary.OperatorToken == last);

    private static int LineStart(string code, int position) =>
        position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;

    private static int IndentOf(string code, int position)
    {
        int start = LineStart(code, position);
        int at = start;
        while (at < code.Length && code[at] is ' ' or '\t')
        {
            at++;
        }

        return at - start;
    }
}
