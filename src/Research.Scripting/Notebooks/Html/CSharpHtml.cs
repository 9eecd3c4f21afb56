using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Colours C# by its syntax: keywords, types, calls, literals, comments, directives.</summary>
/// <remarks>
/// By the syntax alone, so that it needs no references and works for code that does not compile. The compiler's parser
/// overflows the stack at some deep nestings (tuples of tuples, patterns, interpolations: Roslyn 5.12), so that code
/// which is too long or too deep stays plain, and longer code gets a large stack.
/// </remarks>
internal static class CSharpHtml
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private const int LongestCode = 1 << 16;
    private const int LongestOnSmallStack = 2_000;
    private const int DeepestCode = 48;

    public static string From(string code)
    {
        if (code.Length > LongestCode || DepthOf(code) > DeepestCode)
        {
            return WebUtility.HtmlEncode(code);
        }

        if (code.Length <= LongestOnSmallStack)
        {
            return Colour(code);
        }

        string html = "";
        Thread thread = new(() => html = Colour(code), maxStackSize: 64 << 20);
        thread.Start();
        thread.Join();
        return html;
    }

    private static int DepthOf(string code)
    {
        int depth = 0;
        int deepest = 0;
        foreach (char c in code)
        {
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' && depth > 0 ? -1 : 0;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    private static string Colour(string code)
    {
        StringBuilder html = new();
        foreach (SyntaxToken token in CSharpSyntaxTree.ParseText(code, Options).GetRoot().DescendantTokens())
        {
            Append(html, token.LeadingTrivia);
            Append(html, token.Text, ClassOf(token));
            Append(html, token.TrailingTrivia);
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, SyntaxTriviaList list)
    {
        foreach (SyntaxTrivia trivia in list)
        {
            Append(html, trivia.ToFullString(), trivia.Kind() switch
            {
                SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or
                    SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia or
                    SyntaxKind.DisabledTextTrivia => "c",
                _ when trivia.IsDirective => "d",
                _ => "",
            });
        }
    }

    private static void Append(StringBuilder html, string text, string name)
    {
        string encoded = WebUtility.HtmlEncode(text);
        html.Append(name.Length == 0 || text.Length == 0 ? encoded : $"<span class=\"{name}\">{encoded}</span>");
    }

    private static string ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.IdentifierToken => ClassOfName(token),
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.CharacterLiteralToken or SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken or
            SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken or
            SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken or
            SyntaxKind.InterpolatedSingleLineRawStringStartToken or
            SyntaxKind.InterpolatedMultiLineRawStringStartToken or
            SyntaxKind.InterpolatedRawStringEndToken or SyntaxKind.InterpolatedStringEndToken or
            SyntaxKind.InterpolatedStringTextToken => "s",
        _ when token.IsKeyword() || SyntaxFacts.IsContextualKeyword(token.Kind()) => "k",
        _ => "",
    };

    private static string ClassOfName(SyntaxToken token) => token.Parent switch
    {
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or TypeParameterSyntax or
            ConstructorDeclarationSyntax => "t",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "m",
        IdentifierNameSyntax { IsVar: true } name when SyntaxFacts.IsInTypeOnlyContext(name) => "k",
        SimpleNameSyntax name => IsCalled(name) ? token.Text == "nameof" ? "k" : "m" : IsType(name) ? "t" : "",
        _ => "",
    };

    private static bool IsCalled(SimpleNameSyntax name) =>
        name.Parent is InvocationExpressionSyntax call ? call.Expression == name
        : name.Parent is MemberAccessExpressionSyntax member && member.Name == name &&
            member.Parent is InvocationExpressionSyntax outer && outer.Expression == member;

    // "Console.WriteLine": what stands first and is capitalised is a type as good as always.
    private static bool IsType(SimpleNameSyntax name) =>
        name is GenericNameSyntax || SyntaxFacts.IsInTypeOnlyContext(name)
        ? name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null
        : name.Parent is MemberAccessExpressionSyntax member && member.Expression == name &&
            char.IsUpper(name.Identifier.Text, 0);
}
