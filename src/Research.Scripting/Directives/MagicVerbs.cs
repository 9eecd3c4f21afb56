using Research.Interactive.Magics;

namespace Research.Scripting.Directives;

/// <summary>The library's magic commands as directives of this host.</summary>
internal static class MagicVerbs
{
    public static IEnumerable<Verb> All => Magic.All.Select(Of);

    /// <summary>Gets the magic command of a name, or null.</summary>
    public static Magic? Named(string name) => Magic.All.FirstOrDefault(magic => magic.Name == name);

    // Its words are told apart by the command itself, so that both hosts say the same of them.
    private static Verb Of(Magic magic) => new(
        magic.Name,
        magic.Usage[0][magic.Name.Length..].Trim(),
        magic.Description,
        (call, cancellationToken) => RunAsync(magic, call, cancellationToken))
    {
        Words = null,
        Divides = true,
        Options = [.. magic.Options.Select(option => new VerbOption(option.Name, option.Value, option.Description))],
    };

    private static async Task<CellError?> RunAsync(Magic magic, DirectiveCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<DirectiveWord> words = await InputWords.FillAsync(
            ArgumentTokenizer.Split(call.Directive.Text[magic.Name.Length..]),
            call.Session.ReadLine,
            cancellationToken).ConfigureAwait(false);
        string? problem = await magic.CallAsync(
            [.. words.Select(word => word.Text)],
            call.Folder,
            call.Session.Magics,
            new SessionMagicVariables(call),
            cancellationToken).ConfigureAwait(false);
        return problem is null ? null : throw new DirectiveException(problem);
    }
}
