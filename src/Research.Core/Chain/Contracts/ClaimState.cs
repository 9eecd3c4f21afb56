namespace Research.Chain.Contracts;

/// <summary>Where a claim stands.</summary>
public enum ClaimState
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Sealed and not opened.</summary>
    Sealed,

    /// <summary>Opened.</summary>
    Posted,

    /// <summary>Its bond went back.</summary>
    Paid,

    /// <summary>It was refuted, and its bond is lost.</summary>
    Fallen,
}
