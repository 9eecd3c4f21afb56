namespace Research.Federation.Adversaries;

/// <summary>One way to try to be paid for work that was not done, or for the same work twice.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Kind">Whether a bound must hold (gate), a trade-off is reported (frontier), or no score can see it
/// (said).</param>
public abstract record Attack(string Name, AttackKind Kind)
{
    /// <summary>Gets whether the attacker is the last owner, and plays in its place; otherwise it has no records.</summary>
    public virtual bool HasRecords => false;

    /// <summary>Gets the owner whose pay counts with the attacker's; null where nobody's does.</summary>
    public virtual int? Victim => null;

    /// <summary>Makes the attacker's moves.</summary>
    public abstract AttackMove Play(AttackScene scene);
}

/// <summary>What can be asked of a score about an attack.</summary>
public enum AttackKind
{
    /// <summary>A bound must hold.</summary>
    Gate,

    /// <summary>A trade-off is reported.</summary>
    Frontier,

    /// <summary>No score can see it; it is said.</summary>
    Said,
}

/// <summary>What an attacker's accounts send, [P] each in units.</summary>
/// <param name="Early">Committed before the honest owners.</param>
/// <param name="Late">Committed after them.</param>
public sealed record AttackMove(IReadOnlyList<int[]> Early, IReadOnlyList<int[]> Late)
{
    /// <summary>One account that commits last.</summary>
    public static AttackMove Of(params int[][] late) => new([], late);
}
