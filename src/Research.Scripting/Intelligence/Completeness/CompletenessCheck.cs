using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Intelligence.Completeness;

/// <summary>Tells code that can run from code that lacks its end and code that no end can mend.</summary>
internal static class CompletenessCheck
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // Reported where the unfinished thing begins, though it is the end that is missing: a verbatim or raw string, a
    // comment, an #if, a #region.
    private static readonly string[] Unterminated = ["CS1039", "CS8997", "CS1035", "CS1027", "CS1038"];

    private const string SemicolonExpected = "CS1002";

    /// <summary>Checks a cell.</summary>
    /// <remarks>
    /// Errors at the very end of the code are what more code can mend; any error before is final. (The compiler's
    /// own <c>IsCompleteSubmission</c> waits for ever after <c>"abc</c> or <c>}</c>, and not at all in a raw string.)
    /// An empty last line says that its writer has done all they mean to: a missing semicolon is then an error.
    /// </remarks>
    public static CellCompleteness Of(string code)
    {
        string csharp = CSharpText.Of(code);
        try
        {
            CompilationUnitSyntax root = SyntaxFactory.ParseCompilationUnit(csharp, options: Options);
            Diagnostic[] errors =
            [
                .. root.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error),
            ];
            if (errors.Length == 0)
            {
                return new CellCompleteness("complete");
            }

            int end = LastPosition(root);
            bool canBeMended = errors.All(error => error.Location.SourceSpan.Start >= end || IsOpen(error));
            bool givenUp = errors.All(error => error.Id == SemicolonExpected) && HasEmptyLastLine(code);
            return canBeMended && !givenUp
                ? new CellCompleteness("incomplete", NextIndent.After(csharp, root))
                : new CellCompleteness("invalid");
        }
        catch (InsufficientExecutionStackException)
        {
            return new CellCompleteness("unknown"); // Thousands of nested parentheses.
        }
    }

    // Where the last thing that was really written ends: a token, or what the parser could not use.
    private static int LastPosition(CompilationUnitSyntax root)
    {
        SyntaxTrivia skipped = root.EndOfFileToken.LeadingTrivia
            .LastOrDefault(trivia => trivia.IsKind(SyntaxKind.SkippedTokensTrivia));
        if (skipped != default)
        {
            return skipped.Span.End;
        }

        SyntaxToken last = root.EndOfFileToken.GetPreviousToken();
        return last.Span.End;
    }

    private static bool IsOpen(Diagnostic error) => Unterminated.Contains(error.Id, StringComparer.Ordinal);

    private static bool HasEmptyLastLine(string code)
    {
        ReadOnlySpan<char> written = code.AsSpan().TrimEnd();
        return code.AsSpan(written.Length).Contains('\n');
    }
}
