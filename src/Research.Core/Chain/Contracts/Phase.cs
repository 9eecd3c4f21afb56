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

    /// <summary>A score can be posted.</summary>
    Score,

    /// <summary>The posted score can be challenged.</summary>
    Challenge,

    /// <summary>After the last round.</summary>
    Closed,
}
