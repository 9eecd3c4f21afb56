using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Intelligence.Documentation;

/// <summary>Gets a symbol's documentation: from its source, or from the file of its assembly.</summary>
internal static class SymbolDocumentation
{
    private const int MostCharacters = 1 << 18;
    private const int MostSteps = 8; // Of inheritance; more is a circle.

    /// <summary>Gets the documentation as a <c>member</c> element, what it inherits included; null when there is
    /// none.</summary>
    public static XElement? Of(ISymbol symbol, Microsoft.CodeAnalysis.Compilation compilation) =>
        Of(symbol, compilation, MostSteps);

    private static XElement? Of(ISymbol symbol, Microsoft.CodeAnalysis.Compilation compilation, int steps)
    {
        XElement? own = Parse(XmlOf(symbol, compilation));
        if (own is null || steps == 0)
        {
            return own;
        }

        // Only at the top: inside a summary the compiler's tools do not agree on what it means.
        XElement? inherit = own.Element("inheritdoc") ?? own.Element("summary")?.Element("inheritdoc");
        if (inherit is null)
        {
            return own;
        }

        ISymbol? source = inherit.Attribute("cref")?.Value is { } reference
            ? DocumentationCommentId.GetFirstSymbolForDeclarationId(reference, compilation)
            : InheritedFrom(symbol);
        inherit.Remove();
        if (source is not null && Of(source, compilation, steps - 1) is { } inherited)
        {
            Merge(own, inherited);
        }

        return own;
    }

    private static string? XmlOf(ISymbol symbol, Microsoft.CodeAnalysis.Compilation compilation)
    {
        ISymbol original = (symbol is IMethodSymbol { ReducedFrom: { } whole } ? whole : symbol).OriginalDefinition;
        if (original.DeclaringSyntaxReferences.Length > 0)
        {
            // Roslyn 5.12 throws for an extension block in a script.
            return original is INamedTypeSymbol { IsExtension: true }
                ? null
                : original.GetDocumentationCommentXml(CultureInfo.InvariantCulture);
        }

        return original.ContainingAssembly is { } assembly && original.GetDocumentationCommentId() is { } id &&
            PathOf(assembly, compilation) is { } path
                ? DocumentationFiles.Find(id, path)
                : null;
    }

    // A cell may know an assembly only by what earlier cells refer to.
    private static string? PathOf(IAssemblySymbol assembly, Microsoft.CodeAnalysis.Compilation compilation)
    {
        for (Microsoft.CodeAnalysis.Compilation? cell = compilation; cell is not null;
            cell = cell.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            if (cell.GetMetadataReference(assembly) is PortableExecutableReference { FilePath: { } path })
            {
                return path;
            }
        }

        return null;
    }

    private static XElement? Parse(string? xml)
    {
        if (string.IsNullOrWhiteSpace(xml) || xml.Length > MostCharacters)
        {
            return null;
        }

        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
            ConformanceLevel = ConformanceLevel.Fragment,
        };
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(xml), settings);
            reader.MoveToContent();
            XElement? read = reader.NodeType == XmlNodeType.Element ? (XElement)XNode.ReadFrom(reader) : null;
            return read is null or { Name.LocalName: "member" or "doc" } ? read : new XElement("member", read);
        }
        catch (XmlException)
        {
            return null; // Malformed comments are common, and no reason to show less than the declaration.
        }
    }

    private static void Merge(XElement own, XElement inherited)
    {
        foreach (XElement part in inherited.Elements())
        {
            bool known = own.Elements(part.Name).Any(mine => !IsEmpty(mine) &&
                mine.Attribute("name")?.Value == part.Attribute("name")?.Value &&
                mine.Attribute("cref")?.Value == part.Attribute("cref")?.Value);
            if (!known)
            {
                own.Add(part);
            }
        }
    }

    private static bool IsEmpty(XElement element) => !element.HasElements && string.IsNullOrWhiteSpace(element.Value);

    private static ISymbol? InheritedFrom(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => type.BaseType is { SpecialType: not SpecialType.System_Object } parent
            ? parent
            : type.Interfaces.FirstOrDefault(),
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType.BaseType?
            .InstanceConstructors.FirstOrDefault(other => TypesOf(other).SequenceEqual(
                TypesOf(constructor), SymbolEqualityComparer.Default)),
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        IEventSymbol { OverriddenEvent: { } raised } => raised,
        _ => Implemented(symbol),
    };

    private static IEnumerable<ITypeSymbol> TypesOf(IMethodSymbol method) =>
        method.Parameters.Select(parameter => parameter.Type);

    private static ISymbol? Implemented(ISymbol symbol) => symbol.ContainingType?.AllInterfaces
        .SelectMany(face => face.GetMembers())
        .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(
            symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol));
}
