namespace Research.Scripting.Intelligence.Completion;

/// <summary>The keywords that fit a place.</summary>
internal static class Keywords
{
    private static readonly string[] Types =
    [
        "bool", "byte", "char", "decimal", "double", "dynamic", "float", "int", "long", "nint", "nuint", "object",
        "sbyte", "short", "string", "uint", "ulong", "ushort",
    ];

    private static readonly string[] Values =
    [
        "await", "checked", "default", "false", "from", "nameof", "new", "null", "sizeof", "stackalloc", "switch",
        "throw", "true", "typeof", "unchecked",
    ];

    private static readonly string[] Patterns = ["and", "not", "or", "var", "when"];

    private static readonly string[] Statements =
    [
        "break", "const", "continue", "do", "fixed", "for", "foreach", "goto", "if", "lock", "return", "try", "unsafe",
        "using", "var", "while", "yield", "else", "catch", "finally", "case", "ref", "scoped",
    ];

    private static readonly string[] Declarations =
    [
        "abstract", "async", "class", "const", "delegate", "enum", "event", "explicit", "extern", "file", "implicit",
        "interface", "internal", "operator", "override", "partial", "private", "protected", "public", "readonly",
        "record", "ref", "required", "sealed", "static", "struct", "unsafe", "virtual", "void", "volatile",
    ];

    private static readonly string[] Accessors = ["get", "init", "set", "private", "protected", "internal"];

    /// <summary>Gets the keywords that may begin at a place of a kind.</summary>
    /// <param name="kind">What the grammar allows.</param>
    /// <param name="inType">Whether the place is inside a type, so that it has a <c>this</c>.</param>
    public static IEnumerable<string> At(SiteKind kind, bool inType) => kind switch
    {
        SiteKind.Type => [.. Types, "void", "class", "struct", "ref", "in", "out", "params", "this"],
        SiteKind.NewType => Types,
        SiteKind.TypeMember => [.. Declarations, .. Types],
        SiteKind.Accessor => Accessors,
        SiteKind.Expression =>
            [.. Values, .. Types, .. Patterns, "async", "static", "ref", "out", "in", .. Self(inType)],
        SiteKind.Statement => [.. Statements, .. Values, .. Types, .. Declarations.Except(Statements), .. Self(inType)],
        _ => [],
    };

    private static string[] Self(bool inType) => inType ? ["this", "base"] : [];
}
