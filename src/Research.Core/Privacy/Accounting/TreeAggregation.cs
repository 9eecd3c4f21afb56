namespace Research.Privacy.Accounting;

/// <summary>Prefix sums by the binary tree: each node's sum gets Gaussian noise once.</summary>
/// <remarks>
/// Neighbours: a record's contribution is replaced by <b>zero</b> at its step (removal that leaves the others' steps as
/// they are). Each record takes part once in a tree; restarted trees run on different records, so only the longest
/// counts. A leaf lies in at most ⌈log₂(steps + 1)⌉ finished nodes, and their noisy sums are as many Gaussian
/// mechanisms. Source: Kairouz et al. 2021, arXiv:2103.00039v3, appendix D.
/// </remarks>
/// <param name="NoiseMultiplier">Standard deviation of a node's noise over the clip norm; finite, above 0.</param>
/// <param name="Steps">Leaves of the longest tree; 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record TreeAggregation(double NoiseMultiplier, int Steps)
{
    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ZeroOutOne;

    /// <summary>Gets the standard deviation of a node's noise over the clip norm.</summary>
    public double NoiseMultiplier { get; } = Parameter.Positive(NoiseMultiplier, nameof(NoiseMultiplier));

    /// <summary>Gets the leaves of the longest tree; 1 or more.</summary>
    public int Steps { get; } = Parameter.AtLeast(Steps, 1, nameof(Steps));

    /// <summary>Gets the mechanism that this is: a Gaussian for each node above a leaf.</summary>
    public GaussianEvent Event => new(1, NoiseMultiplier, 32 - int.LeadingZeroCount(Steps));
}
