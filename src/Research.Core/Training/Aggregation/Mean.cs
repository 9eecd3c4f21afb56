namespace Research.Training.Aggregation;

/// <summary>The mean of the updates, as long as they are: one that shouts moves the model as far as it likes.</summary>
/// <remarks>
/// McMahan et al. 2017, arXiv:1602.05629v4, Algorithm 1, without its weighting by record counts: a count would have to
/// be published, and it is private here.
/// </remarks>
public sealed record Mean : AggregationRule
{
    /// <inheritdoc/>
    public override string Type => "mean";
}
