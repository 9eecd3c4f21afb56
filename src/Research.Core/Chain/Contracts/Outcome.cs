namespace Research.Chain.Contracts;

/// <summary>How a round ended.</summary>
public enum Outcome
{
    /// <summary>Not finalised yet.</summary>
    None,

    /// <summary>The posted root pays.</summary>
    Scored,

    /// <summary>Nobody scored, or the score was challenged: those who revealed share equally.</summary>
    DefaultSplit,

    /// <summary>Nobody revealed: the round's part of the pool goes back to the sponsor.</summary>
    Empty,
}
