using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>The place where something is to be completed, as the compiler sees it.</summary>
/// <remarks>
/// The word at the cursor is replaced by an identifier of our own before the code is parsed. So an empty word, half a
/// keyword and half a name are all seen in the same way, and inside a string or a comment there is no such identifier.
/// </remarks>
internal sealed class CompletionSite
{
    /// <summary>What stands in for the word; long enough that nobody else has it.</summary>
    public const string Mark = "completionSite__";

    private CompletionSite(int start, int end, string prefix, SyntaxToken token, SemanticModel model)
    {
        Start = start;
        End = end;
        Prefix = prefix;
        Token = token;
        Model = model;
    }

    /// <summary>Gets where the completed word starts.</summary>
    public int Start { get; }

    /// <summary>Gets where it ends in the cell, perhaps after the cursor.</summary>
    public int End { get; }

    /// <summary>Gets the part of the word before the cursor, without the sign of a verbatim name.</summary>
    public string Prefix { get; }

    /// <summary>Gets the identifier that stands in for the word.</summary>
    public SyntaxToken Token { get; }

    /// <summary>Gets the semantic model of the code with <see cref="Token"/> in it.</summary>
    public SemanticModel Model { get; }

    /// <summary>Finds the site, or null where no name of the program can stand.</summary>
    /// <param name="session">Compiles the code after its cells.</param>
    /// <param name="code">C# whose directives are blank.</param>
    /// <param name="position">The cursor.</param>
    public static CompletionSite? Find(ScriptSession session, string code, int position)
    {
        (int start, int end) = WordAt(code, position);
        if (start < position && char.IsAsciiDigit(code[start]))
        {
            return null; // A number.
        }

        CSharpCompilation draft = session.Draft(string.Concat(code.AsSpan(0, start), Mark, code.AsSpan(end)));
        SyntaxTree tree = draft.SyntaxTrees[^1];
        SyntaxNode root = tree.GetRoot();
        SyntaxToken token = root.FindToken(start);
        return token.IsKind(SyntaxKind.IdentifierToken) && token.Text == Mark && !NestingLimit.IsPassed(root)
            ? new CompletionSite(
                start, end, code[start..position].TrimStart('@'), token, draft.GetSemanticModel(tree))
            : null;
    }

    /// <summary>Finds the identifier that a position is in or at the end of; empty where there is none.</summary>
    public static (int Start, int End) WordAt(string code, int position)
    {
        int start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
        {
            start--;
        }

        if (start > 0 && code[start - 1] == '@' && (start < 2 || code[start - 2] is not ('"' or '$')))
        {
            start--;
        }

        int end = position;
        while (end < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[end]))
        {
            end++;
        }

        return (start, end);
    }
}
