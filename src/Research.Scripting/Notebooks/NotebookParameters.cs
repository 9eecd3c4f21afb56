using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Research.Scripting.Directives;

namespace Research.Scripting.Notebooks;

/// <summary>Papermill's parameters: a cell tagged <c>injected-parameters</c> after the one tagged
/// <c>parameters</c>.</summary>
internal static class NotebookParameters
{
    private const string Injected = "injected-parameters";

    /// <summary>Injects the values, in place of those an earlier run injected.</summary>
    /// <exception cref="ArgumentException">A name is no identifier, or the parameters cell declares no such
    /// name.</exception>
    public static void Inject(NotebookDocument document, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        NotebookCell? declaring = document.Cells.FirstOrDefault(cell => cell.Tags.Contains("parameters"));
        Dictionary<string, (string Type, bool IsFloat)> declared =
            declaring is null ? [] : DeclaredBy(declaring.Source);
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

            (string type, bool isFloat) = declared.GetValueOrDefault(name, ("var", false));
            lines.Add($"{type} {name} = {Literal(value, type, isFloat)};");
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

    private static Dictionary<string, (string Type, bool IsFloat)> DeclaredBy(string code)
    {
        Dictionary<string, (string Type, bool IsFloat)> declared = new(StringComparer.Ordinal);
        SyntaxNode root = CSharpSyntaxTree.ParseText(
            DirectiveScanner.Scan(code, out _), new CSharpParseOptions(kind: SourceCodeKind.Script)).GetRoot();
        foreach (VariableDeclarationSyntax declaration in root.DescendantNodes().OfType<VariableDeclarationSyntax>())
        {
            foreach (VariableDeclaratorSyntax variable in declaration.Variables)
            {
                bool isFloat = declaration.Type.IsVar &&
                    variable.Initializer?.Value.DescendantTokens().Any(token => token.Value is double or float) == true;
                declared[variable.Identifier.ValueText] = (declaration.Type.ToString(), isFloat);
            }
        }

        return declared;
    }

    private static string Literal(string value, string type, bool isFloat)
    {
        bool asText = type is "string" or "String" or "string?";
        if (asText || value.Length == 0)
        {
            return SymbolDisplay.FormatLiteral(value, quote: true);
        }

        if (value is "true" or "false" or "null")
        {
            return value;
        }

        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return integer.ToString(CultureInfo.InvariantCulture) +
                (type == "decimal" ? "m" : type == "float" ? "f" : isFloat || type == "double" ? "d" : "");
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) &&
            double.IsFinite(number)
            ? value.TrimStart('+') + (type == "decimal" ? "m" : type == "float" ? "f" : "")
            : SymbolDisplay.FormatLiteral(value, quote: true);
    }
}
