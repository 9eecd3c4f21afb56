using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Research.Scripting.Directives;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Completes the lines that the session, not the compiler, carries out.</summary>
internal static class DirectiveCompletion
{
    private const int MostEntries = 500;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private static readonly EnumerationOptions Visible = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    private static readonly string[] Compilers =
        ["#define", "#else", "#elif", "#endif", "#endregion", "#error", "#if", "#line", "#nullable", "#pragma",
         "#region", "#undef", "#warning"];

    /// <summary>Finds where the directive at a position starts.</summary>
    /// <param name="code">C#, other languages blank.</param>
    /// <param name="position">The cursor.</param>
    /// <returns>The index of its sign, or null when the position is in no directive.</returns>
    public static int? StartAt(string code, int position)
    {
        int line = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        int sign = line;
        while (sign < position && char.IsWhiteSpace(code[sign]))
        {
            sign++;
        }

        if (sign >= position || code[sign] != '#')
        {
            return null;
        }

        SyntaxTrivia trivia = CSharpSyntaxTree.ParseText(code, Options).GetRoot().FindTrivia(sign);
        return trivia.IsDirective && trivia.SpanStart == sign ? sign : null;
    }

    /// <summary>Lists what may stand at a position of a directive.</summary>
    public static CompletionList At(string code, int sign, int position, ScriptSession session)
    {
        string typed = code[sign..position];
        int nameEnd = typed.AsSpan().IndexOfAny(' ', '\t', '"');
        if (nameEnd < 0)
        {
            return Names(code, sign, position);
        }

        string argument = typed[nameEnd..].TrimStart();
        int start = position - argument.Length;
        return typed[..nameEnd] switch
        {
            "#r" => Files(start, position, argument, ".dll", session.Folder),
            "#load" => Files(start, position, argument, ".csx", session.Folder),
            "#!import" => Files(start, position, argument, ".csx|.cs|.ipynb|.dib", session.Folder),
            "#!set" or "#!share" or "#!value" => Variables(position, typed, session),
            string name when MagicVerbs.Named(name) is { } magic =>
                MagicCompletion.At(magic, typed, position, session),
            _ => new CompletionList(position, position, []),
        };
    }

    private static CompletionList Names(string code, int sign, int position)
    {
        int end = position;
        while (end < code.Length && !char.IsWhiteSpace(code[end]) && code[end] != '"')
        {
            end++;
        }

        CandidateList candidates = new(code[sign..position]);
        foreach (string name in DirectiveRunner.Known)
        {
            candidates.Add(name, "directive", CandidateGroup.Expected);
        }

        foreach (string name in Compilers)
        {
            candidates.Add(name, "directive", CandidateGroup.Keyword);
        }

        return new CompletionList(sign, end, candidates.Ranked());
    }

    private static CompletionList Files(int start, int position, string argument, string extensions, string folder)
    {
        bool quoted = argument.StartsWith('"');
        string path = quoted ? argument[1..] : argument;
        if (path.Contains('"', StringComparison.Ordinal))
        {
            return new CompletionList(position, position, []); // The argument is over.
        }

        start += quoted ? 1 : 0;
        int slash = path.LastIndexOfAny(['/', '\\']) + 1;
        string quote = quoted || slash > 0 || extensions.Contains('|', StringComparison.Ordinal) ? "" : "\"";
        CandidateList candidates = new(quote.Length == 0 || slash < path.Length ? path[slash..] : "");
        if (slash == 0 && extensions == ".dll")
        {
            candidates.Add($"{quote}nuget: ", "directive", CandidateGroup.Expected);
            candidates.Add($"{quote}project: ", "directive", CandidateGroup.Expected);
            candidates.Add($"{quote}sdk:Microsoft.NET.Sdk.Web", "directive", CandidateGroup.Expected);
        }

        foreach ((string name, string kind) in Entries(Path.Combine(folder, path[..slash]), extensions.Split('|')))
        {
            bool isFile = kind == "file";
            candidates.Add(
                isFile ? $"{quote}{name}{quote}" : $"{quote}{name}", kind,
                isFile ? CandidateGroup.Local : CandidateGroup.Type);
        }

        return new CompletionList(start + slash, position, candidates.Ranked());
    }

    private static List<(string Name, string Kind)> Entries(string folder, string[] extensions)
    {
        try
        {
            DirectoryInfo directory = new(folder);
            return
            [
                .. directory.EnumerateDirectories("*", Visible).Take(MostEntries)
                    .Where(entry => !entry.Name.StartsWith('.')).Select(entry => ($"{entry.Name}/", "folder")),
                .. directory.EnumerateFiles("*", Visible).Take(MostEntries * 10)
                    .Where(entry => extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                    .Take(MostEntries).Select(entry => (entry.Name, "file")),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or ArgumentException or System.Security.SecurityException)
        {
            return []; // No such folder, or none of ours.
        }
    }

    private static CompletionList Variables(int position, string typed, ScriptSession session)
    {
        int word = typed.LastIndexOfAny([' ', '\t', ':']) + 1;
        CandidateList candidates = new(typed[word..]);
        foreach (string name in session.Variables.Select(variable => variable.Name))
        {
            candidates.Add(name, "variable", CandidateGroup.Cell);
        }

        if (word == 0 || typed[word - 1] != ':')
        {
            string[] options = typed.StartsWith("#!set", StringComparison.Ordinal)
                ? ["--name", "--value", "@csharp:"]
                : typed.StartsWith("#!share", StringComparison.Ordinal) ? ["--from", "--as"]
                : ["--name", "--from-file"];
            foreach (string option in options)
            {
                candidates.Add(option, "option", CandidateGroup.Keyword);
            }
        }

        return new CompletionList(position - (typed.Length - word), position, candidates.Ranked());
    }
}
