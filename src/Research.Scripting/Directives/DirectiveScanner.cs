using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Research.Scripting.Directives;

/// <summary>Takes the session's directives out of a cell, leaving every other character where it was.</summary>
/// <remarks>The compiler's own lexer decides what is a directive: never text inside a string, a comment or a false
/// <c>#if</c>.</remarks>
internal static class DirectiveScanner
{
    private static readonly CSharpParseOptions Options =
        new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Scans a cell.</summary>
    /// <param name="code">The cell's C#.</param>
    /// <param name="directives">In order of appearance.</param>
    /// <returns>The code with each directive's line blank, so that lines and columns stay.</returns>
    public static string Scan(string code, out IReadOnlyList<Directive> directives)
    {
        directives = [];
        if (!code.Contains('#', StringComparison.Ordinal))
        {
            return code;
        }

        List<Directive> found = [];
        char[] rest = code.ToCharArray();
        foreach (int start in Starts(code))
        {
            int end = LineEnd(code, start);
            rest.AsSpan(start, end - start).Fill(' ');
            Directive directive = Parse(code[start..end], 1 + code.AsSpan(0, start).Count('\n'));
            if (!IsInterpreterLine(directive, start))
            {
                found.Add(directive);
            }
        }

        directives = found;
        return new string(rest);
    }

    /// <summary>Finds the first line that switches to another language.</summary>
    /// <returns>Where it starts, or the code's length.</returns>
    public static int FirstSwitch(string code, int from)
    {
        string rest = code[from..];
        return from + Starts(rest).Append(rest.Length).First(start => start == rest.Length ||
            CellLanguages.IsSwitch(Parse(rest[start..LineEnd(rest, start)], 1).Name));
    }

    /// <summary>Finds the directives that see what the code above them declared, and so divide a cell.</summary>
    /// <remarks>Only between statements: in the middle of one, a directive runs before the whole cell.</remarks>
    public static IEnumerable<int> Divisions(string code)
    {
        int start = 0;
        foreach (int end in Starts(code))
        {
            if (DirectiveRunner.Divides(Parse(code[end..LineEnd(code, end)], 1).Name) &&
                !string.IsNullOrWhiteSpace(code[start..end]) &&
                SyntaxFactory.IsCompleteSubmission(CSharpSyntaxTree.ParseText(code[start..end], Options)))
            {
                yield return end;
                start = end;
            }
        }
    }

    private static IEnumerable<int> Starts(string code) =>
        CSharpSyntaxTree.ParseText(code, Options).GetRoot().DescendantTrivia()
            .Where(trivia => trivia.IsDirective &&
                trivia.GetStructure() is DirectiveTriviaSyntax { IsActive: true } &&
                (trivia.IsKind(SyntaxKind.ShebangDirectiveTrivia) || trivia.IsKind(SyntaxKind.BadDirectiveTrivia) ||
                trivia.IsKind(SyntaxKind.ReferenceDirectiveTrivia) || trivia.IsKind(SyntaxKind.LoadDirectiveTrivia)))
            .Select(trivia => trivia.SpanStart);

    private static int LineEnd(string code, int start) =>
        code.AsSpan(start).IndexOfAny('\r', '\n') is int length and >= 0 ? start + length : code.Length;

    private static bool IsInterpreterLine(Directive directive, int start) =>
        start == 0 && directive.Text.StartsWith("#!", StringComparison.Ordinal) &&
        directive.Text.AsSpan(2).TrimStart() is ['/', ..];

    /// <summary>Takes a directive's line apart.</summary>
    public static Directive Parse(string text, int line)
    {
        string trimmed = text.Trim();
        int space = trimmed.AsSpan().IndexOfAny(' ', '\t');
        int quote = trimmed.IndexOf('"', StringComparison.Ordinal);
        int nameEnd = space < 0 ? quote : quote < 0 ? space : Math.Min(space, quote);
        string name = nameEnd < 0 ? trimmed : trimmed[..nameEnd];
        string argument = nameEnd < 0 ? "" : trimmed[nameEnd..].Trim();
        int comment = argument.LastIndexOf("//", StringComparison.Ordinal);
        if (argument.StartsWith('"') && argument.IndexOf('"', 1) is int close and > 0 &&
            (close == argument.Length - 1 || comment > close))
        {
            argument = argument[1..close];
        }

        return new Directive(name, argument.Trim(), line, trimmed);
    }
}
