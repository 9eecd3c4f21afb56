namespace Research.Chain.Contracts;

/// <summary>Where a task stands in time.</summary>
public enum Phase
{
    /// <summary>Before the start.</summary>
    Pending,

    /// <summary>Commitments are taken.</summary>
    Commit,

    /// <summary>Commitments are revealed.</summary>
    Reveal,

    /// <summary>
    /// Pieces of updates are demanded and shown; it has no length where updates travel in their reveals.
    /// </summary>
    Answer,

    /// <summary>Evaluation keys are opened, as in the phase before.</summary>
    Open,

    /// <summary>Sealed claims are taken in the first half, and opened in the second.</summary>
    Score,

    /// <summary>Posted claims can be refuted.</summary>
    Refute,

    /// <summary>After the last round, or after the round that reached the target accuracy.</summary>
    Closed,
}
