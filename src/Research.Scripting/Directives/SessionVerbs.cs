using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Directives;

/// <summary>Directives about the session itself.</summary>
internal static class SessionVerbs
{
    public static IEnumerable<Verb> All =>
    [
        Verb.Of("#!time", "Shows how long the rest of the cell takes.", static _ => { }), // The session measures it.
        Verb.Of("#!about", "Shows the versions of .NET, C# and this program.", About),
        Verb.Of("#!lsmagic", "Lists the directives.", List),
    ];

    private static void List(DirectiveCall call) => DirectiveTable.Show(
        call.Channel,
        "",
        ["Directive", "Meaning"],
        [.. DirectiveRunner.Verbs.OrderBy(verb => verb.Name, StringComparer.Ordinal).Select(
            verb => (string[])[verb.Name, verb.Summary])]);

    private static void About(DirectiveCall call) => DirectiveTable.Show(
        call.Channel,
        "",
        ["About", "Version"],
        [
            ["Research", VersionOf(typeof(SessionVerbs))],
            [".NET", Environment.Version.ToString()],
            ["C#", LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString()],
            ["Roslyn", VersionOf(typeof(CSharpCompilation))],
            ["System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}".ToString()],
        ]);

    // After the + is the commit.
    private static string VersionOf(Type type) => type.Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
