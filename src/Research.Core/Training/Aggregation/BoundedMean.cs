namespace Research.Training.Aggregation;

/// <summary>The mean of the updates, each of the length of the round's longest reference run at most.</summary>
/// <remarks>What a task does that names no rule. Sun et al. 2019, arXiv:1911.07963: norm thresholding.</remarks>
public sealed record BoundedMean : AggregationRule
{
    /// <inheritdoc/>
    public override string Type => "boundedMean";
}
