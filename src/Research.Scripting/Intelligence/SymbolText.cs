using Microsoft.CodeAnalysis;

namespace Research.Scripting.Intelligence;

/// <summary>Words for symbols.</summary>
internal static class SymbolText
{
    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword)
        .AddGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters)
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat TypeName = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly SymbolDisplayFormat OwnSignature =
        Signature.RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType);

    private static readonly SymbolDisplayFormat Declaration =
        DeclarationFormat(SymbolDisplayTypeQualificationStyle.NameAndContainingTypes);

    private static readonly SymbolDisplayFormat FullType =
        DeclarationFormat(SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    // What hides behind a keyword: "int" says nothing about itself.
    private static readonly SymbolDisplayFormat FullName =
        FullType.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>Gets a symbol's declaration on one line, short enough for a list.</summary>
    public static string SignatureOf(ISymbol symbol) =>
        symbol.ToDisplayString(IsOfCell(symbol) ? OwnSignature : Signature);

    /// <summary>Gets what stands before a method's or an indexer's parameters.</summary>
    public static string HeadOf(ISymbol symbol) => symbol is IPropertySymbol { IsIndexer: true } indexer
        ? $"{indexer.Type.ToDisplayString(TypeName)} {indexer.ContainingType.ToDisplayString(TypeName)}"
        : symbol.ToDisplayString((IsOfCell(symbol) ? OwnSignature : Signature)
            .RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeParameters));

    /// <summary>Gets a symbol's whole declaration in C#.</summary>
    public static string DeclarationOf(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => ModifierOf(type) + type.ToDisplayString(
            IsOfCell(type) ? Declaration : type.SpecialType == SpecialType.None ? FullType : FullName),
        INamespaceSymbol => $"namespace {symbol.ToDisplayString()}",
        _ when IsOfCell(symbol) => symbol.ToDisplayString(
            Declaration.RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType)),
        _ => symbol.ToDisplayString(Declaration),
    };

    /// <summary>Gets the field's usual word for what a symbol is.</summary>
    public static string KindOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => "enum member",
        IFieldSymbol { IsConst: true } => "constant",
        IFieldSymbol field => IsOfCell(field) ? "variable" : "field",
        ILocalSymbol { IsConst: true } => "constant",
        ILocalSymbol or IRangeVariableSymbol => "variable",
        INamedTypeSymbol { IsRecord: true } => "record",
        INamedTypeSymbol { TypeKind: TypeKind kind } => kind.ToString().ToLowerInvariant(),
        ITypeParameterSymbol => "type parameter",
        _ => symbol.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Tells whether a symbol is a variable, method or type of a cell.</summary>
    public static bool IsOfCell(ISymbol symbol) => symbol.ContainingType is { IsScriptClass: true };

    /// <summary>Tells whether its author does not want it to be used, or seen in lists.</summary>
    public static bool IsHidden(ISymbol symbol)
    {
        if (symbol is INamespaceSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol)
        {
            return false;
        }

        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            switch (attribute.AttributeClass?.Name)
            {
                case "ObsoleteAttribute":
                case "EditorBrowsableAttribute" when attribute.ConstructorArguments is [{ Value: 1 }]: // Never.
                    return true;
            }
        }

        return false;
    }

    private static string ModifierOf(INamedTypeSymbol type) => type.TypeKind != TypeKind.Class ? ""
        : type.IsStatic ? "static "
        : type.IsAbstract ? "abstract "
        : "";

    private static SymbolDisplayFormat DeclarationFormat(SymbolDisplayTypeQualificationStyle qualification) => new(
        typeQualificationStyle: qualification,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: Signature.MemberOptions | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeConstantValue,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.Default,
        parameterOptions: Signature.ParameterOptions,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        localOptions: SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: Signature.MiscellaneousOptions);
}
