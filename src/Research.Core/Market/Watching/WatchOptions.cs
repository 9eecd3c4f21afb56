namespace Research.Market.Watching;

/// <summary>How a watcher goes about it.</summary>
public sealed record WatchOptions
{
    /// <summary>Gets whether it claims.</summary>
    public WatchClaims Claims { get; init; } = WatchClaims.WhenNobody;

    /// <summary>Gets who hears of the share done while a round is scored, 0 to 1; null for nobody.</summary>
    public IProgress<double>? Scoring { get; init; }
}
