using Microsoft.CodeAnalysis;

namespace Research.Scripting.Intelligence;

/// <summary>Tells code that is nested deeper than the compiler's parser bears.</summary>
/// <remarks>
/// Roslyn guards its stack in expressions and statements, but not in types, dotted names and the conditions of
/// <c>#if</c>: 20,000 opening parentheses end the process, and 3,000 brackets take minutes. The measure is crude (it
/// counts in strings and comments too) and the limits are far above what people write.
/// </remarks>
internal static class NestingLimit
{
    private const int Brackets = 256;
    private const int TypeArguments = 1000;
    private const int Signs = 1000;
    private const int Dots = 500;
    private const int Levels = 3000;

    /// <summary>Tells whether code must not be given to the compiler.</summary>
    public static bool IsPassed(string code)
    {
        int brackets = 0; // Open ones.
        int arguments = 0; // Open lists of them.
        int signs = 0; // In a row.
        int dots = 0; // In one dotted name.
        foreach (char character in code)
        {
            brackets = Math.Max(0, brackets + Step(character, "([{", ")]}"));
            arguments = character == ';' ? 0 : Math.Max(0, arguments + Step(character, "<", ">"));
            bool isWord = char.IsLetterOrDigit(character) || character == '_';
            bool isSpace = char.IsWhiteSpace(character);
            signs = isWord ? 0 : isSpace ? signs : signs + 1;
            dots = character == '.' ? dots + 1 : isWord || isSpace ? dots : 0;
            if (brackets > Brackets || arguments > TypeArguments || signs > Signs || dots > Dots)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether a tree is deeper than the compiler's binders bear; a chain of <c>else if</c> is a
    /// staircase to them.</summary>
    public static bool IsPassed(SyntaxNode root)
    {
        Stack<(SyntaxNode Node, int Depth)> waiting = new();
        waiting.Push((root, 0));
        while (waiting.TryPop(out (SyntaxNode Node, int Depth) next))
        {
            if (next.Depth > Levels)
            {
                return true;
            }

            foreach (SyntaxNode child in next.Node.ChildNodes())
            {
                waiting.Push((child, next.Depth + 1));
            }
        }

        return false;
    }

    private static int Step(char character, string open, string close) =>
        open.Contains(character, StringComparison.Ordinal) ? 1
        : close.Contains(character, StringComparison.Ordinal) ? -1
        : 0;
}
