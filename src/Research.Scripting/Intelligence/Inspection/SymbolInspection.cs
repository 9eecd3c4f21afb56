using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Research.Scripting.Intelligence.Documentation;
using Research.Scripting.Outputs;

namespace Research.Scripting.Intelligence.Inspection;

/// <summary>Describes what is at a place in code.</summary>
/// <param name="session">Has the variables' values.</param>
internal sealed class SymbolInspection(ScriptSession session)
{
    private const int MostMembers = 200;

    /// <summary>Describes the symbol at a position, or the call around it; null when there is neither.</summary>
    public MimeBundle? At(SemanticModel model, int position, bool detailed) =>
        SymbolAtPosition.Find(model, position) is { } symbol ? Describe(symbol, model, detailed)
        : SymbolAtPosition.FindCall(model, position) is { } call ? Signatures(call, model, position)
        : null;

    private MimeBundle Describe(ISymbol symbol, SemanticModel model, bool detailed)
    {
        InspectedDocument document = new();
        document.Declaration(SymbolText.DeclarationOf(symbol));
        if (symbol is IFieldSymbol field && SymbolText.IsOfCell(field) && ValueOf(field.Name) is { } value)
        {
            document.Paragraph("Value: ", value);
        }

        if (symbol is IMethodSymbol method && OverloadsOf(method, model, position: 0) is > 0 and int more)
        {
            document.Paragraph("Overloads: ", $"+ {more}");
        }

        XElement? documentation = symbol is IParameterSymbol parameter
            ? OfParameter(parameter, model.Compilation)
            : SymbolDocumentation.Of(symbol, model.Compilation);
        if (documentation is not null)
        {
            document.Documentation(documentation, detailed);
        }

        if (detailed && MembersOf(symbol, model) is { Count: > 0 } members)
        {
            document.Heading("Members");
            document.List([.. members.Select(member => (Func<IMarkup, string>)(markup => markup.Code(member)))]);
        }

        return document.ToBundle();
    }

    private string? ValueOf(string name) =>
        session.Variables.FirstOrDefault(variable => variable.Name == name) is { } variable
            ? VariableValue.Describe(variable.Value)
            : null;

    private static int OverloadsOf(IMethodSymbol method, SemanticModel model, int position) =>
        method.ContainingType is { } type && method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension
            ? type.GetMembers(method.Name).OfType<IMethodSymbol>()
                .Count(other => model.IsAccessible(position, other)) - 1
            : 0;

    private static XElement? OfParameter(IParameterSymbol parameter, Microsoft.CodeAnalysis.Compilation compilation)
    {
        XElement? element = parameter.ContainingSymbol is { } method
            ? SymbolDocumentation.Of(method, compilation)?.Elements("param")
                .FirstOrDefault(part => part.Attribute("name")?.Value == parameter.Name)
            : null;
        return element is null ? null : new XElement("member", new XElement("summary", element.Nodes()));
    }

    private static List<string> MembersOf(ISymbol symbol, SemanticModel model)
    {
        ITypeSymbol? type = symbol switch
        {
            ITypeSymbol itself => itself,
            IFieldSymbol field => field.Type,
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        IEnumerable<ISymbol> members = type?.GetMembers() ?? Enumerable.Empty<ISymbol>();
        return
        [
            .. members.Where(member => model.IsAccessible(0, member) && !SymbolText.IsHidden(member) &&
                    (member.CanBeReferencedByName || member is IMethodSymbol { MethodKind: MethodKind.Constructor }
                        or IPropertySymbol { IsIndexer: true }))
                .OrderBy(member => member.Name, StringComparer.Ordinal)
                .Take(MostMembers)
                .Select(SymbolText.SignatureOf),
        ];
    }

    private static MimeBundle Signatures(CallSite call, SemanticModel model, int position)
    {
        InspectedDocument document = new();
        document.List(
        [
            .. call.Targets.Select(target => (Func<IMarkup, string>)(
                markup => Signature(target, call.ParameterAt(target, position), markup))),
        ]);
        ISymbol best = call.Targets.FirstOrDefault(target => call.ParameterAt(target, position) is not null)
            ?? call.Targets[0];
        if (SymbolDocumentation.Of(best, model.Compilation) is { } documentation)
        {
            document.Documentation(documentation, detailed: false);
        }

        return document.ToBundle();
    }

    private static string Signature(ISymbol target, IParameterSymbol? current, IMarkup markup)
    {
        (string open, string close) = target is IPropertySymbol ? ("[", "]") : ("(", ")");
        IEnumerable<string> parameters = CallSite.ParametersOf(target).Select(
            parameter => SymbolEqualityComparer.Default.Equals(parameter, current)
                ? markup.Strong(SymbolText.SignatureOf(parameter))
                : markup.Text(SymbolText.SignatureOf(parameter)));
        return markup.Text(SymbolText.HeadOf(target) + open) + string.Join(", ", parameters) + close;
    }
}
