using Research.Scripting.Interactive;

namespace Research.Scripting.Directives;

/// <summary>The <c>#!value</c> part of a cell: a text kept under a name.</summary>
internal static class ValueLanguage
{
    public static Verb Verb { get; } = new(
        "#!value",
        "",
        "Keeps the rest of the cell, a file or the text at an address, for #!share --from value.",
        (_, _) => throw new InvalidOperationException("A language is no directive of its own."))
    {
        Options =
        [
            new("--name", "NAME", "What #!share calls it."),
            new("--from-file", "PATH", "Reads a file."),
            new("--from-url", "ADDRESS", "Reads what an http or https address gives."),
            new("--from-value", "TEXT", "Takes this text."),
            new("--mime-type", "TYPE", "Shows the text too, as this type."),
        ],
    };

    /// <summary>Keeps the text.</summary>
    /// <exception cref="DirectiveException">The options contradict each other, or a source cannot be read.</exception>
    public static async Task RunAsync(string body, DirectiveCall call, CancellationToken cancellationToken)
    {
        string name = call.Arguments.Required("--name", Verb).Text;
        string[] sources = [.. ((string[])["--from-file", "--from-url", "--from-value"]).Where(call.Arguments.Has)];
        if (sources.Length > 1 || (sources.Length == 1 && !string.IsNullOrWhiteSpace(body)))
        {
            throw new DirectiveException(
                $"One source at a time: {string.Join(" and ", sources.Append("the text below"))} are given.");
        }

        string value = call.Arguments switch
        {
            _ when call.Arguments.Of("--from-file") is { Text: { } path } => await TextSource
                .FromFileAsync(Path.GetFullPath(Path.Combine(call.Folder, path)), cancellationToken)
                .ConfigureAwait(false),
            _ when call.Arguments.Of("--from-url") is { Text: { } address } => await TextSource
                .FromAddressAsync(address, cancellationToken).ConfigureAwait(false),
            _ => call.Arguments.Of("--from-value")?.Text ?? body,
        };
        call.Values.Set(name, value);
        if (call.Arguments.Of("--mime-type") is { Text: { } mimeType })
        {
            Show(value, mimeType);
        }
    }

    private static void Show(string value, string mimeType)
    {
        try
        {
            _ = DisplayedValues.ShowAs(value, mimeType);
        }
        catch (ArgumentException exception)
        {
            throw new DirectiveException(exception.Message);
        }
    }
}
