using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Research.Scripting.Directives;

namespace Research.Scripting.Notebooks.Parameters;

/// <summary>Papermill's parameters: a cell tagged <c>injected-parameters</c> after the one tagged
/// <c>parameters</c>.</summary>
internal static class NotebookParameters
{
    private const string Injected = "injected-parameters";

    /// <summary>Injects the values, in place of those an earlier run injected.</summary>
    /// <exception cref="ArgumentException">A name is no identifier, the parameters cell declares no such name, or the
    /// value is not of its type.</exception>
    public static void Inject(NotebookDocument document, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        NotebookCell? declaring = document.Cells.FirstOrDefault(cell => cell.Tags.Contains("parameters"));
        Dictionary<string, DeclaredParameter> declared = declaring is null ? [] : DeclaredBy(declaring.Source);
        List<string> lines = ["// Parameters"];
        foreach ((string name, string value) in values)
        {
            if (!SyntaxFacts.IsValidIdentifier(name))
            {
                throw new ArgumentException($"-p {name}={value}: {name} is not a C# name.");
            }

            if (declaring is not null && !declared.ContainsKey(name))
            {
                throw new ArgumentException($"-p {name}={value}: the parameters cell declares no {name}. " +
                    $"Did you mean {string.Join(", ", NearNames.Of(name, declared.Keys))}?");
            }

            DeclaredParameter parameter = declared.GetValueOrDefault(name, DeclaredParameter.Unknown);
            string literal = ParameterLiteral.Write(value, parameter.Type) ??
                throw new ArgumentException($"-p {name}={value}: expected a value of type {parameter.Type}.");
            lines.Add($"{parameter.Declared} {name} = {literal};");
        }

        string source = string.Join('\n', lines);
        if (document.Cells.FirstOrDefault(cell => cell.Tags.Contains(Injected)) is { } earlier)
        {
            earlier.Source = source;
            return;
        }

        int index = declaring is null ? 0 : document.Cells.ToList().IndexOf(declaring) + 1;
        document.InsertCode(index, source, null, Injected);
    }

    private static Dictionary<string, DeclaredParameter> DeclaredBy(string code)
    {
        Dictionary<string, DeclaredParameter> declared = new(StringComparer.Ordinal);
        SyntaxNode root = CSharpSyntaxTree.ParseText(
            DirectiveScanner.Scan(code, out _), new CSharpParseOptions(kind: SourceCodeKind.Script)).GetRoot();
        foreach (VariableDeclarationSyntax declaration in root.DescendantNodes().OfType<VariableDeclarationSyntax>())
        {
            foreach (VariableDeclaratorSyntax variable in declaration.Variables)
            {
                declared[variable.Identifier.ValueText] =
                    DeclaredParameter.Of(declaration.Type, variable.Initializer?.Value);
            }
        }

        return declared;
    }
}
