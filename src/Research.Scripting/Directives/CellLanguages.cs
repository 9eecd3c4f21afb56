namespace Research.Scripting.Directives;

/// <summary>The languages a cell can switch to: C#, those that are only shown, texts, and those that are not
/// here.</summary>
internal static class CellLanguages
{
    private static readonly string[] CSharp = ["#!csharp", "#!c#", "#!C#"];

    private static readonly Dictionary<string, string> Foreign = new(StringComparer.Ordinal)
    {
        ["#!fsharp"] = "F#",
        ["#!f#"] = "F#",
        ["#!F#"] = "F#",
        ["#!pwsh"] = "PowerShell",
        ["#!powershell"] = "PowerShell",
        ["#!sql"] = "SQL",
        ["#!kql"] = "KQL",
        ["#!http"] = "HTTP requests",
        ["#!python"] = "Python",
        ["#!r"] = "R",
        ["#!vb"] = "Visual Basic",
    };

    private static readonly Dictionary<string, string> MimeTypes = new(StringComparer.Ordinal)
    {
        ["#!html"] = "text/html",
        ["#!javascript"] = "application/javascript",
        ["#!js"] = "application/javascript",
        ["#!markdown"] = "text/markdown",
        ["#!mermaid"] = "text/vnd.mermaid",
    };

    /// <summary>Gets the switches that work here, with their help.</summary>
    public static IReadOnlyList<Verb> Verbs { get; } =
    [
        .. CSharp.Select(name => Verb.Of(name, "What follows is C#.", static _ => { })),
        .. MimeTypes.Select(pair => Verb.Of(pair.Key, $"What follows is shown as {pair.Value}.", static _ => { })),
        ValueLanguage.Verb,
    ];

    public static bool IsSwitch(string name) => IsCSharp(name) || MimeTypes.ContainsKey(name) ||
        Foreign.ContainsKey(name) || name == ValueLanguage.Verb.Name;

    public static bool IsCSharp(string name) => CSharp.Contains(name, StringComparer.Ordinal);

    /// <summary>Gets the mime type as which a language is shown, or null.</summary>
    public static string? MimeTypeOf(string name) => MimeTypes.GetValueOrDefault(name);

    /// <summary>Says why a language cannot run.</summary>
    public static DirectiveException Missing(string name) => new(
        $"{name}: {Foreign[name]} does not run here; only C#, html, javascript, markdown, mermaid and value do.");
}
