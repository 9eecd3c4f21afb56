namespace Research.Training.Aggregation;

/// <summary>The median of each weight's change over buckets of updates.</summary>
/// <remarks>
/// Yin et al. 2018, arXiv:1803.01498, Definition 1, over the means of buckets: Karimireddy, He and Jaggi 2022,
/// arXiv:2006.09365, Algorithm 1. Updates are shortened first, as by <see cref="BoundedMean"/>. It withstands attackers
/// in fewer than half of the buckets, however they are dealt: an account spoils one bucket and no more.
/// </remarks>
/// <param name="Buckets">How many, 1 to 32; with no more updates than buckets, an update has one for itself.</param>
public sealed record Median(int Buckets) : AggregationRule
{
    /// <inheritdoc/>
    public override string Type => "median";
}
