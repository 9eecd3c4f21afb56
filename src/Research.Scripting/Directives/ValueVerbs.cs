using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive;
using Research.Scripting.Notebooks;

namespace Research.Scripting.Directives;

/// <summary>Directives that declare variables from other variables, from <c>#!value</c>'s texts and from what the user
/// types.</summary>
internal static class ValueVerbs
{
    private static readonly VerbOption MimeType =
        new("--mime-type", "TYPE", "application/json reads the text as JSON: bool, double, string or JsonDocument.");

    public static IEnumerable<Verb> All => [Set, Share];

    private static Verb Set { get; } = new(
        "#!set", "", "Declares a variable with a value given here, shared or typed by the user.", SetAsync)
    {
        Divides = true,
        Options =
        [
            new("--name", "NAME", "The variable."),
            new("--value", "VALUE", "A text, @csharp:NAME, @value:NAME, @input:\"prompt\" or @password:\"prompt\"."),
            MimeType,
            new("--byref", null, "Accepted for compatibility: C# values are always shared as they are."),
        ],
    };

    private static Verb Share { get; } = new(
        "#!share", "NAME", "Declares a variable with the value of another, or of a text kept by #!value.", ShareAsync)
    {
        Divides = true,
        Words = 1,
        Options =
        [
            new("--from", "KERNEL", "csharp or value."),
            new("--as", "NAME", "The new variable; the same name by default."),
            MimeType,
        ],
    };

    private static Task<CellError?> SetAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        string name = call.Arguments.Required("--name", Set).Text;
        DirectiveWord value = call.Arguments.Required("--value", Set);
        if (value.IsSecret)
        {
            return DeclareAsync(call, name, typeof(PasswordString), new PasswordString(value.Text), cancellationToken);
        }

        int colon = value.Text.IndexOf(':', StringComparison.Ordinal);
        return value.Text.StartsWith('@') && colon > 1
            ? ShareAsync(call, value.Text[1..colon], value.Text[(colon + 1)..], name, cancellationToken)
            : DeclareTextAsync(call, name, value.Text, cancellationToken);
    }

    private static Task<CellError?> ShareAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        string from = call.Arguments.Required("--from", Share).Text;
        string name = call.Arguments.Words is [{ Text: { } only }] ? only : throw new DirectiveException(
            $"#!share needs a variable's name. Usage: {DirectiveHelp.UsageOf(Share)}");
        return ShareAsync(call, from, name, call.Arguments.Of("--as")?.Text ?? name, cancellationToken);
    }

    private static Task<CellError?> ShareAsync(
        DirectiveCall call, string kernel, string from, string name, CancellationToken cancellationToken)
    {
        switch (kernel)
        {
            case "value":
                return DeclareTextAsync(call, name, call.Values.Get(from), cancellationToken);
            case "csharp" or "C#" or "c#":
                CellVariable variable = call.Session.Variables.FirstOrDefault(known => known.Name == from) ??
                    throw new DirectiveException(
                        $"There is no variable {from}. (#!who lists them.)");
                return DeclareAsync(call, name, variable.Type, variable.Value, cancellationToken);
            default:
                throw new DirectiveException(
                    $"There is no kernel {kernel} here: only csharp and value. " +
                    "For a text that starts with @, use C# itself.");
        }
    }

    private static Task<CellError?> DeclareTextAsync(
        DirectiveCall call, string name, string text, CancellationToken cancellationToken)
    {
        string mimeType = call.Arguments.Of("--mime-type")?.Text ?? "text/plain";
        object value = mimeType == "application/json" ? FromJson(text, name) : text;
        return DeclareAsync(call, name, value.GetType(), value, cancellationToken);
    }

    // .NET Interactive's table: docs/variable-sharing.md of dotnet/interactive.
    private static object FromJson(string text, string name)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => document.RootElement.GetBoolean(),
                JsonValueKind.Number => document.RootElement.GetDouble(),
                JsonValueKind.String => document.RootElement.GetString()!,
                _ => document,
            };
        }
        catch (JsonException exception)
        {
            throw new DirectiveException($"The value of {name} is not JSON: got {JsonPlace.Of(exception)}.");
        }
    }

    private static Task<CellError?> DeclareAsync(
        DirectiveCall call, string name, Type type, object? value, CancellationToken cancellationToken) =>
        SyntaxFacts.IsValidIdentifier(name) && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None
            ? call.Session.DeclareAsync(name, type, value, call.Channel, cancellationToken)
            : throw new DirectiveException($"\"{name}\" is no name for a C# variable.");
}
