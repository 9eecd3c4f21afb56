namespace Research.Interactive.Magics;

/// <summary>A word that a magic command takes: <c>--steps T</c>, <c>--json</c> or, without dashes, a place.</summary>
/// <param name="Name">With its dashes for an option; in capitals for what stands at a place.</param>
/// <param name="Description">One sentence.</param>
internal sealed record MagicParameter(string Name, string Description)
{
    /// <summary>Gets what the value of an option is called in the help; null for an option without one.</summary>
    public string? Value { get; init; }

    /// <summary>Gets what it may be, of what the notebook and its folder hold; null where nobody can guess.</summary>
    public Func<MagicScope, IEnumerable<string>>? Complete { get; init; }

    /// <summary>Gets whether it is told by its place, not by its name.</summary>
    public bool IsPositional => Name[0] != '-';

    /// <summary>Gets whether it is an option without a value.</summary>
    public bool IsFlag => !IsPositional && Value is null;
}
