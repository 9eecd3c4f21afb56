namespace Research.Training.Aggregation;

/// <summary>The mean of each weight's change over buckets of updates, without the largest and the smallest.</summary>
/// <remarks>
/// Yin et al. 2018, arXiv:1803.01498, Definition 2, over the means of buckets, dealt and shortened as by
/// <see cref="Median"/>. It withstands attackers in <paramref name="Trim"/> buckets.
/// </remarks>
/// <param name="Trim">How many are left out on each side, 0 to (Buckets − 1) / 2; where so few buckets are filled that
/// nothing would be left, it is the median.</param>
/// <param name="Buckets">How many, 1 to 32; with no more updates than buckets, an update has one for itself.</param>
public sealed record TrimmedMean(int Trim, int Buckets) : AggregationRule
{
    /// <inheritdoc/>
    public override string Type => "trimmedMean";
}
