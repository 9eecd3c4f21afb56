using System.Text;

namespace Research.Scripting.Directives;

/// <summary>Splits what follows a directive's name into words.</summary>
/// <remarks>
/// Spaces separate words except inside double quotes, which go away, and inside a JSON object, which stays as it is:
/// <c>@input:"Your name"</c> and <c>@input:{"prompt": "Your name"}</c> are one word each. A backslash makes the quote
/// after it a character.
/// </remarks>
internal static class ArgumentTokenizer
{
    /// <summary>Splits the text.</summary>
    /// <exception cref="DirectiveException">A quote or a brace is not closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        int position = 0;
        while (true)
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }

            if (position == text.Length)
            {
                return words;
            }

            words.Add(Word(text, ref position));
        }
    }

    private static string Word(string text, ref int position)
    {
        StringBuilder word = new();
        while (position < text.Length && !char.IsWhiteSpace(text[position]))
        {
            char next = text[position];
            if (next == '"')
            {
                position++;
                AppendQuoted(text, ref position, word, keepQuotes: false);
            }
            else if (next == '{' && (word.Length == 0 || word[^1] == ':'))
            {
                AppendJson(text, ref position, word);
            }
            else
            {
                word.Append(next);
                position++;
            }
        }

        return word.ToString();
    }

    private static void AppendQuoted(string text, ref int position, StringBuilder word, bool keepQuotes)
    {
        while (position < text.Length && text[position] != '"')
        {
            if (text[position] == '\\' && position + 1 < text.Length && text[position + 1] is '"' or '\\')
            {
                word.Append(keepQuotes ? text[position] : "");
                position++;
            }

            word.Append(text[position++]);
        }

        if (position == text.Length)
        {
            throw new DirectiveException("A \" is not closed.");
        }

        position++;
    }

    private static void AppendJson(string text, ref int position, StringBuilder word)
    {
        int depth = 0;
        do
        {
            if (position == text.Length)
            {
                throw new DirectiveException("A { is not closed.");
            }

            char next = text[position++];
            word.Append(next);
            if (next == '"')
            {
                AppendQuoted(text, ref position, word, keepQuotes: true);
                word.Append('"');
            }

            depth += next == '{' ? 1 : next == '}' ? -1 : 0;
        }
        while (depth > 0);
    }
}
