namespace Research.Market.Watching;

/// <summary>Whether a watcher claims what a round's scoring gives.</summary>
public enum WatchClaims
{
    /// <summary>Where the account takes part, and else where nobody has sealed a claim when three quarters of the time are
    /// over.</summary>
    WhenNobody,

    /// <summary>In every round, with a bond each.</summary>
    Always,

    /// <summary>Never; what was sealed before is opened.</summary>
    Never,
}
