namespace Research.Cli.Account;

/// <summary>An accountant's answer to one plan.</summary>
/// <param name="Name">The accountant.</param>
/// <param name="What">What it is, in a line.</param>
/// <param name="Range">ε, or null if it has none.</param>
/// <param name="Milliseconds">Median time of a query, warm; null if it has no answer.</param>
/// <param name="Refusal">Why it has no answer; null if it has one.</param>
internal sealed record AccountantAnswer(
    string Name, string What, EpsilonRange? Range, double? Milliseconds, string? Refusal)
{
    /// <summary>Creates the answer of an accountant that has none.</summary>
    public static AccountantAnswer None(string name, string what, string refusal) =>
        new(name, what, Range: null, Milliseconds: null, refusal);
}
