using Research.Scripting.Compilation;
using Research.Scripting.Interactive;
using Research.Scripting.Outputs;

namespace Research.Scripting.Directives;

/// <summary>Carries out the directives of a session's cells, and the parts of cells that are not C#.</summary>
internal sealed class DirectiveRunner(ScriptSession session, SessionReferences references)
{
    private static readonly Verb Connect = new(
        "#!connect",
        "",
        "Connects another kernel.",
        (_, _) => throw new DirectiveException(
            "#!connect: there are no other kernels here; only C#, html, javascript, markdown, mermaid and value run."))
    {
        Words = null,
    };

    private static readonly Dictionary<string, Verb> Table =
        ReferenceVerbs.All.Concat(LoadVerbs.All).Concat(SessionVerbs.All).Concat(VariableVerbs.All)
            .Concat(ValueVerbs.All).Concat(MagicVerbs.All).ToDictionary(verb => verb.Name, StringComparer.Ordinal);

    private readonly NamedValues _values = new();

    /// <summary>Gets the verbs a cell may use, language switches included.</summary>
    public static IEnumerable<Verb> Verbs => Table.Values.Concat(CellLanguages.Verbs);

    /// <summary>Gets every directive a cell may use.</summary>
    public static IReadOnlyCollection<string> Known => [.. Verbs.Select(verb => verb.Name)];

    /// <summary>Tells whether a directive runs after the code above it.</summary>
    public static bool Divides(string name) => Table.GetValueOrDefault(name) is { Divides: true };

    /// <summary>Carries out one directive.</summary>
    /// <returns>The error, or null.</returns>
    public Task<CellError?> RunAsync(
        Directive directive,
        CellSource source,
        OutputChannel channel,
        HashSet<string> loading,
        CancellationToken cancellationToken) => GuardAsync(directive, source, async () =>
        {
            Verb verb = directive.Name == Connect.Name ? Connect
                : Table.GetValueOrDefault(directive.Name) ?? throw new DirectiveException(
                    $"Unknown directive {directive.Name}. " +
                    $"Did you mean {string.Join(", ", NearNames.Of(directive.Name, Known))}?");
            return await CallAsync(verb, directive, source, channel, loading, cancellationToken)
                .ConfigureAwait(false) is { } call
                ? await verb.RunAsync(call, cancellationToken).ConfigureAwait(false)
                : null;
        });

    /// <summary>Shows, keeps or refuses a part of a cell that is not C#.</summary>
    /// <returns>The error, or null.</returns>
    public Task<CellError?> RunSegmentAsync(
        CellSegment segment, CellSource source, OutputChannel channel, CancellationToken cancellationToken)
    {
        Directive directive = segment.Switch ?? throw new ArgumentException("C# is no such part.", nameof(segment));
        return GuardAsync(directive, source, async () =>
        {
            Verb verb = CellLanguages.Verbs.FirstOrDefault(verb => verb.Name == directive.Name) ??
                throw CellLanguages.Missing(directive.Name);
            if (await CallAsync(verb, directive, source, channel, [], cancellationToken)
                .ConfigureAwait(false) is not { } call)
            {
                return null;
            }

            if (verb == ValueLanguage.Verb)
            {
                await ValueLanguage.RunAsync(segment.Text, call, cancellationToken).ConfigureAwait(false);
            }
            else if (CellLanguages.MimeTypeOf(verb.Name) is { } mimeType && !string.IsNullOrWhiteSpace(segment.Text))
            {
                _ = DisplayedValues.ShowAs(segment.Text, mimeType);
            }

            return null;
        });
    }

    /// <summary>Prepares a call; null when its help was asked for and is shown.</summary>
    private async Task<DirectiveCall?> CallAsync(
        Verb verb,
        Directive directive,
        CellSource source,
        OutputChannel channel,
        HashSet<string> loading,
        CancellationToken cancellationToken)
    {
        if (DirectiveHelp.IsAsked(directive.Argument))
        {
            DirectiveHelp.Show(verb, channel);
            return null;
        }

        DirectiveCall call = new(directive, source, channel, loading, session, references, _values);
        if (verb.Words is null)
        {
            return call;
        }

        IReadOnlyList<string> words = ArgumentTokenizer.Split(directive.Text[directive.Name.Length..]);
        return call with
        {
            Arguments = DirectiveArguments.Parse(
                verb, await InputWords.FillAsync(words, session.ReadLine, cancellationToken).ConfigureAwait(false)),
        };
    }

    private static async Task<CellError?> GuardAsync(
        Directive directive, CellSource source, Func<Task<CellError?>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (DirectiveException exception)
        {
            return new CellError
            {
                Name = "DirectiveError",
                Message = exception.Message,
                Source = source.Name,
                Line = directive.Line,
                LineText = directive.Text,
                Traceback =
                [
                    $"{source.Name}, line {directive.Line}: {directive.Text}", .. exception.Message.Split('\n'),
                ],
            };
        }
    }
}
