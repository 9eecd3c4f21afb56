namespace Research.Tests.Faults;

/// <summary>One verb of one role, at its time in a task's life.</summary>
/// <param name="Account">Who.</param>
/// <param name="Arguments">The verb and its arguments.</param>
internal sealed record RoleStep(int? Account, params string[] Arguments)
{
    /// <summary>Gets whether it spends what no rerun gives back: a ledger's ε.</summary>
    public bool IsCharged => Arguments[0] == "train";

    public override string ToString() => string.Join(' ', Arguments.Where(one => !one.Contains('/', StringComparison.Ordinal)));
}
