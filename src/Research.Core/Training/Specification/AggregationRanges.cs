using Research.Training.Aggregation;

namespace Research.Training.Specification;

/// <summary>What the numbers of an aggregation rule may be.</summary>
internal static class AggregationRanges
{
    public static void Check(AggregationRule rule)
    {
        switch (rule)
        {
            case Mean or BoundedMean:
                break;
            case Median median:
                CheckBuckets(median.Buckets);
                break;
            case TrimmedMean trimmed:
                CheckBuckets(trimmed.Buckets);
                SpecRange.Check(trimmed.Trim, 0, (trimmed.Buckets - 1) / 2, "$.task.aggregation.trim");
                break;
            default:
                throw new InvalidOperationException($"No ranges of aggregation rule {rule.Type}.");
        }
    }

    private static void CheckBuckets(int buckets) =>
        SpecRange.Check(buckets, 1, AggregationRule.MostBuckets, "$.task.aggregation.buckets");
}
