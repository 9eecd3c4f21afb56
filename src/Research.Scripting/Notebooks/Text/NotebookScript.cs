using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Research.Scripting.Directives;

namespace Research.Scripting.Notebooks.Text;

/// <summary>A notebook as one <c>.csx</c> script: its code in order, its prose as comments.</summary>
/// <remarks>
/// A script is one compilation, so references and usings move to the top, a cell's trailing expression becomes a call
/// of <c>display</c>, and magics become comments. What two cells both declare is reported: a script
/// cannot have it twice.
/// </remarks>
public sealed class NotebookScript
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private readonly List<string> _directives = [];
    private readonly List<string> _usings = [];
    private readonly StringBuilder _body = new();
    private readonly Dictionary<string, int> _declared = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    private NotebookScript()
    {
    }

    /// <summary>Writes the script.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="warnings">What will keep the script from running as the notebook does.</param>
    public static string Write(NotebookDocument document, out IReadOnlyList<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(document);
        NotebookScript script = new();
        int number = 0;
        foreach (NotebookCell cell in document.Cells)
        {
            number += cell.Kind == NotebookCellKind.Code ? 1 : 0;
            script.Add(cell, number);
        }

        warnings = script._warnings;
        string[] parts =
        [
            Lines(script._directives), Lines(script._usings), script._body.ToString(),
        ];
        return string.Join('\n', parts.Where(part => part.Length > 0));
    }

    private static string Lines(List<string> lines) =>
        string.Concat(lines.Distinct(StringComparer.Ordinal).Select(line => line + "\n"));

    private void Add(NotebookCell cell, int number)
    {
        string source = cell.Source.Trim('\n');
        if (string.IsNullOrWhiteSpace(source))
        {
            return;
        }

        bool isCode = cell.Kind == NotebookCellKind.Code;
        if (isCode && cell.Language == "csharp" && !source.StartsWith("#!html", StringComparison.Ordinal))
        {
            AddCode(source, number);
            return;
        }

        if (isCode)
        {
            _warnings.Add($"Cell {number} is {cell.Language}; it became a comment.");
        }

        AppendPart(string.Join('\n', source.Split('\n').Select(line => line.Length == 0 ? "//" : $"// {line}")));
    }

    private void AddCode(string source, int number)
    {
        string code = DirectiveScanner.Scan(source, out IReadOnlyList<Directive> directives);
        List<string> magics = [];
        foreach (Directive directive in directives)
        {
            bool isScripts = directive.Name is "#r" or "#load" or "#i";
            (isScripts ? _directives : magics).Add(isScripts ? directive.Text : $"// {directive.Text}");
        }

        CompilationUnitSyntax root =
            (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, Options).GetRoot();
        _usings.AddRange(root.Usings.Select(line => line.ToString()));
        NoteDeclarations(root, number);
        string rest = WithShownValue(root.WithUsings([])).ToFullString();
        string body = string.Join(
            '\n', rest.Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0)).TrimEnd();
        AppendPart(string.Join('\n', [.. magics, body]).Trim('\n'));
    }

    private void AppendPart(string text)
    {
        if (text.Length > 0)
        {
            _body.Append(_body.Length > 0 ? "\n" : "").Append(text).Append('\n');
        }
    }

    private static CompilationUnitSyntax WithShownValue(CompilationUnitSyntax root)
    {
        if (root.Members is not [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax last } global] ||
            !last.SemicolonToken.IsMissing)
        {
            return root;
        }

        // "Console.WriteLine(x)" gives nothing that could be shown; other calls are taken to give something.
        string text = last.Expression.ToString();
        string call = text.StartsWith("Console.Write", StringComparison.Ordinal) ? $"{text};" : $"display({text});";
        StatementSyntax shown = SyntaxFactory.ParseStatement(call)
            .WithLeadingTrivia(last.GetLeadingTrivia()).WithTrailingTrivia(last.GetTrailingTrivia());
        return root.ReplaceNode(global, global.WithStatement(shown));
    }

    private void NoteDeclarations(CompilationUnitSyntax root, int number)
    {
        foreach (string name in root.Members.SelectMany(NamesOf))
        {
            if (_declared.TryGetValue(name, out int earlier) && earlier != number)
            {
                _warnings.Add($"{name} is declared by cell {earlier} and by cell {number}; a script cannot have both.");
            }

            _declared[name] = number;
        }
    }

    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
        GlobalStatementSyntax { Statement: LocalDeclarationStatementSyntax local } =>
            local.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
        BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        _ => [],
    };
}
