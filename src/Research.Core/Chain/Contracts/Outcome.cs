namespace Research.Chain.Contracts;

/// <summary>How a round ended.</summary>
public enum Outcome
{
    /// <summary>Not finalised yet.</summary>
    None,

    /// <summary>The final claim pays.</summary>
    Scored,

    /// <summary>Nobody revealed: the round's own part of the pool goes back to the sponsor.</summary>
    Empty,

    /// <summary>The sponsor did not open the evaluation keys in time: the round's pool is burned.</summary>
    Unopened,

    /// <summary>No claim stands: the round's pool is burned.</summary>
    Unscored,
}
