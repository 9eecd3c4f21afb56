using Research.Scripting.Display.Shapes;

namespace Research.Scripting.Directives;

/// <summary>Directives that list the session's variables.</summary>
internal static class VariableVerbs
{
    private const int ValueLength = 80;

    public static IEnumerable<Verb> All =>
    [
        Verb.Of("#!who", "Lists the variables' names.", ListNames) with { Divides = true },
        Verb.Of("#!whos", "Lists the variables with their types and values.", ListValues) with { Divides = true },
    ];

    private static void ListNames(DirectiveCall call) => DirectiveTable.Show(
        call.Channel, "", ["Variable"], [.. Sorted(call).Select(variable => (string[])[variable.Name])]);

    private static void ListValues(DirectiveCall call) => DirectiveTable.Show(
        call.Channel,
        "",
        ["Variable", "Type", "Value"],
        [
            .. Sorted(call).Select(
                variable => (string[])[variable.Name, NameOf(variable.Type), Brief(variable.Name, variable.Value)]),
        ]);

    private static IEnumerable<CellVariable> Sorted(DirectiveCall call) =>
        call.Session.Variables.OrderBy(variable => variable.Name, StringComparer.Ordinal);

    private static string NameOf(Type type) => TypeNames.Of(type) is { Length: > 0 } name ? name : "(anonymous)";

    private static string Brief(string name, object? value) => Secrets.Has(name, value)
        ? Secrets.Shown
        : ShapeText.Brief(ShapeReader.ReadFew(value), ValueLength);
}
