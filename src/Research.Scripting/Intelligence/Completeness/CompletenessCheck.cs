using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Research.Scripting.Compilation;

namespace Research.Scripting.Intelligence.Completeness;

/// <summary>Tells code that can run from code that lacks its end and code that no end can mend.</summary>
internal static class CompletenessCheck
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // Reported where the unfinished thing begins, though it is the end that is missing: a verbatim or raw string, a
    // comment, an #if, a #region.
    private static readonly string[] Unterminated = ["CS1039", "CS8997", "CS1035", "CS1027", "CS1038"];

    private const string SemicolonExpected = "CS1002";
    private const string CatchExpected = "CS1524"; // Reported at the brace that ends the try block.

    /// <summary>Checks a cell.</summary>
    /// <remarks>
    /// Errors at the very end of the code are what more code can mend; any error before is final. (The compiler's
    /// own <c>IsCompleteSubmission</c> waits for ever after <c>"abc</c> or <c>}</c>, and not at all in a raw string.)
    /// An empty last line says that its writer has done all they mean to: a missing semicolon is then an error.
    /// </remarks>
    public static CellCompleteness Of(string code)
    {
        if (NestingLimit.IsPassed(code))
        {
            return new CellCompleteness("unknown");
        }

        try
        {
            string csharp = CSharpText.Of(code);
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
            bool canBeMended = errors.All(error => CanBeMended(error, end));
            bool givenUp = errors.All(error => error.Id == SemicolonExpected) && HasEmptyLastLine(code);
            return canBeMended && !givenUp
                ? new CellCompleteness("incomplete", NextIndent.After(csharp, root))
                : new CellCompleteness("invalid");
        }
        catch (InsufficientExecutionStackException)
        {
            return new CellCompleteness("unknown"); // What the compiler itself refuses.
        }
    }

    // Where the last thing that was really written ends: a token, or what the parser could not use.
    private static int LastPosition(CompilationUnitSyntax root)
    {
        SyntaxToken token = root.EndOfFileToken;
        while (token.RawKind != 0)
        {
            if (EndOfSkipped(token.TrailingTrivia) is { } behind)
            {
                return behind;
            }

            if (token.Span.Length > 0)
            {
                return token.Span.End;
            }

            if (EndOfSkipped(token.LeadingTrivia) is { } before)
            {
                return before;
            }

            token = token.GetPreviousToken(includeZeroWidth: true);
        }

        return 0;
    }

    private static int? EndOfSkipped(SyntaxTriviaList trivia)
    {
        SyntaxTrivia skipped = trivia.LastOrDefault(part => part.IsKind(SyntaxKind.SkippedTokensTrivia));
        return skipped.RawKind == 0 ? null : skipped.Span.End;
    }

    private static bool CanBeMended(Diagnostic error, int end)
    {
        TextSpan span = error.Location.SourceSpan;
        return span.Start >= end || Unterminated.Contains(error.Id, StringComparer.Ordinal) ||
            (error.Id == CatchExpected && span.End >= end);
    }

    private static bool HasEmptyLastLine(string code)
    {
        ReadOnlySpan<char> written = code.AsSpan().TrimEnd();
        return code.AsSpan(written.Length).Contains('\n');
    }
}
