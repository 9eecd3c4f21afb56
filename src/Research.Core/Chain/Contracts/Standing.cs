namespace Research.Chain.Contracts;

/// <summary>Where a participant stands in a task.</summary>
public enum Standing
{
    /// <summary>Nothing is locked.</summary>
    None,

    /// <summary>Committed and not revealed.</summary>
    Committed,

    /// <summary>Revealed; nothing that was demanded of the update is missing.</summary>
    Revealed,

    /// <summary>
    /// Revealed, and a demanded piece of the update is not answered: after the answer window its stake is burned.
    /// </summary>
    Demanded,
}
