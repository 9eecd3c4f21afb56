namespace Research.Privacy.Accounting;

/// <summary>DP-SGD on batches that go through all records, shuffled or not: each record once an epoch.</summary>
/// <remarks>
/// Neighbours: a record's gradients are replaced by <b>zero</b>, which leaves all others in their batches. Even to whom
/// the order is known, a record is in one Gaussian mechanism an epoch. The secrecy of a shuffle is not counted: it
/// gives far less than Poisson sampling at the same rate does, and accounting it as such is unsound (Chua et al. 2024,
/// arXiv:2403.17673v2).
/// </remarks>
/// <param name="NoiseMultiplier">Standard deviation of the noise over the clip norm; finite, above 0.</param>
/// <param name="Epochs">Passes through the records, a begun one counted whole; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record EpochBatches(double NoiseMultiplier, int Epochs)
{
    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ZeroOutOne;

    /// <summary>Gets the standard deviation of the noise over the clip norm.</summary>
    public double NoiseMultiplier { get; } = Parameter.Positive(NoiseMultiplier, nameof(NoiseMultiplier));

    /// <summary>Gets the passes through the records.</summary>
    public int Epochs { get; } = Parameter.AtLeast(Epochs, 0, nameof(Epochs));

    /// <summary>Gets the mechanism that this is: a Gaussian without sampling each epoch.</summary>
    public GaussianEvent Event => new(1, NoiseMultiplier, Epochs);
}
