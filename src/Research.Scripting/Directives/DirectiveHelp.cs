using Research.Scripting.Outputs;

namespace Research.Scripting.Directives;

/// <summary>What <c>-h</c> shows of a directive.</summary>
internal static class DirectiveHelp
{
    public static bool IsAsked(string argument) => argument is "-h" or "--help" or "-?";

    public static string UsageOf(Verb verb)
    {
        IEnumerable<string> options = verb.Options.Select(
            option => option.Value is null ? $"[{option.Name}]" : $"[{option.Name} {option.Value}]");
        return string.Join(' ', options.Prepend(verb.Arguments).Prepend(verb.Name).Where(part => part.Length > 0));
    }

    public static void Show(Verb verb, OutputChannel channel)
    {
        List<string[]> rows = [.. verb.Options.Select(option => (string[])
            [option.Value is null ? option.Name : $"{option.Name} {option.Value}", option.Summary])];
        DirectiveTable.Show(channel, $"{verb.Summary} Usage: {UsageOf(verb)}", ["Option", "Meaning"], rows);
    }
}
