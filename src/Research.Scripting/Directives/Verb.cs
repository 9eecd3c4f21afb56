namespace Research.Scripting.Directives;

/// <summary>A directive's name, its help, and what it does.</summary>
/// <param name="Name">With its sign, for example <c>#!share</c>.</param>
/// <param name="Arguments">What follows the name, for the help.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="RunAsync">Carries it out; gives the error of code it ran, or null.</param>
internal sealed record Verb(
    string Name, string Arguments, string Summary, Func<DirectiveCall, CancellationToken, Task<CellError?>> RunAsync)
{
    /// <summary>Gets the options it takes.</summary>
    public IReadOnlyList<VerbOption> Options { get; init; } = [];

    /// <summary>Gets how many words without an option's name it takes; null where the text is a path or a package and
    /// is no list of words.</summary>
    public int? Words { get; init; } = 0;

    /// <summary>Gets whether it sees what the code above it in the cell declared.</summary>
    public bool Divides { get; init; }

    /// <summary>Makes a verb that does its work at once.</summary>
    public static Verb Of(string name, string summary, Action<DirectiveCall> run) => new(
        name,
        "",
        summary,
        (call, _) =>
        {
            run(call);
            return Task.FromResult<CellError?>(null);
        });
}

/// <summary>An option of a directive.</summary>
/// <param name="Name">For example <c>--name</c>.</param>
/// <param name="Value">What its value is called in the help; null for an option without one.</param>
/// <param name="Summary">What it does.</param>
internal sealed record VerbOption(string Name, string? Value, string Summary);
