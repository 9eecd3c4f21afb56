using Research.Privacy.Accounting;
using Research.Storage;
using Research.Training;

namespace Research.Privacy.Ledger;

/// <summary>What a release is for, as the ledger says it: a run by itself, or one round of a task.</summary>
/// <remarks>
/// A task's rounds are one plan, fixed before the first: the first round that reads a record charges all of them, and
/// later rounds of the same task, by the same specification, cost that record nothing. Stopping early gives nothing back.
/// </remarks>
public sealed record ReleasePurpose
{
    private const int LongestText = 256;
    private const int MostRounds = 65_535;

    private ReleasePurpose(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestText, nameof(text));
        Text = text;
    }

    /// <summary>Gets the words, such as <c>train digits-mlp</c> or <c>task 7 of 0x2a</c>; 1 to 256 characters.</summary>
    public string Text { get; }

    /// <summary>Gets the hash of a task's specification; null for a run by itself.</summary>
    public string? Specification { get; private init; }

    /// <summary>Gets the round, from 0.</summary>
    public int Round { get; private init; }

    /// <summary>Gets the number of rounds; 1 for a run by itself.</summary>
    public int Rounds { get; private init; } = 1;

    /// <summary>Gets what names the task's reservation; null for a run by itself.</summary>
    internal string? Task => Specification is null ? null : $"{Specification} {Text}";

    /// <summary>Says what a run by itself is for.</summary>
    public static implicit operator ReleasePurpose(string text) => FromString(text);

    /// <summary>Says what a run by itself is for.</summary>
    /// <param name="text">1 to 256 characters.</param>
    public static ReleasePurpose FromString(string text) => new(text);

    /// <summary>Says which round of which task a run is.</summary>
    /// <param name="task">What names the task, the same in each round: chain, market and number; 1 to 256
    /// characters.</param>
    /// <param name="spec">The task's specification; without a task section it has one round.</param>
    /// <param name="round">The round, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The task has no such round.</exception>
    public static ReleasePurpose OfTask(string task, ModelSpec spec, int round)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Of(task, spec.Hash.ToString(), round, spec.Task?.Rounds ?? 1);
    }

    /// <summary>Makes the purpose that a ledger's line or a sealed file holds.</summary>
    internal static ReleasePurpose Of(string text, string? specification, int round, int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, MostRounds);
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(round, rounds);
        return specification is null || ContentHash.TryParse(specification, out _)
            ? new ReleasePurpose(text) { Specification = specification, Round = round, Rounds = rounds }
            : throw new ArgumentException($"Expected a specification's hash, got {specification}.");
    }

    /// <summary>Gets the plan of all rounds together, or null where a number of steps is beyond counting.</summary>
    internal IReadOnlyList<PrivacyEvent>? Whole(IReadOnlyList<PrivacyEvent> plan) =>
        plan.Any(e => (long)e.Steps * Rounds > int.MaxValue)
            ? null
            : [.. plan.Select(e => e with { Steps = e.Steps * Rounds })];
}
