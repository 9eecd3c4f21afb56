namespace Research.Training.Aggregation;

/// <summary>How a task makes one step of a round's updates.</summary>
public abstract record AggregationRule
{
    /// <summary>The most buckets: what a scorer keeps in memory, a sum of the model's size each.</summary>
    public const int MostBuckets = 32;

    private protected AggregationRule()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }
}
