namespace Research.Privacy.Accounting;

/// <summary>Gaussian mechanisms, each on a batch of fixed size drawn without replacement.</summary>
/// <remarks>
/// Neighbours: <b>replace</b> one record by another; the number of records is public. With γ = batch/records and P, Q a
/// Gaussian with and without the shift, the hockey-stick divergence of a step at e^ε ≥ 1 is at most that of γP + (1−γ)Q
/// from Q, whichever the batch drawn (Balle, Barthe and Gaboardi 2018, arXiv:1807.01647v2, Theorem 9); at e^ε below 1,
/// by symmetry, that of Q from γP + (1−γ)Q (Zhu, Dong and Wang 2022, arXiv:2106.08567v4, Theorem 11). Rényi divergence
/// integrates that curve: <see cref="WithoutReplacementMoment"/>. It is below the bound of Wang, Balle and
/// Kasiviswanathan 2019, arXiv:1808.00087v3, Theorem 27. Neither pair alone dominates several steps together, so these
/// are not the steps of a <see cref="GaussianEvent"/>.
/// </remarks>
/// <param name="Records">Number of records; 1 or more.</param>
/// <param name="BatchSize">Records in a batch; from 1 to all.</param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over the largest change of the sum when a record of
/// the batch is replaced: twice the clip norm, for clipped gradients. Finite, above 0.</param>
/// <param name="Steps">Number of batches; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record WithoutReplacementGaussian(int Records, int BatchSize, double NoiseMultiplier, int Steps)
{
    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ReplaceOne;

    /// <summary>Gets the number of records, which is public.</summary>
    public int Records { get; } = Parameter.AtLeast(Records, 1, nameof(Records));

    /// <summary>Gets the records in a batch; from 1 to all.</summary>
    public int BatchSize { get; } = Parameter.Within(BatchSize, 1, Math.Max(1, Records), nameof(BatchSize));

    /// <summary>Gets the standard deviation of the noise over the sensitivity to a replacement.</summary>
    public double NoiseMultiplier { get; } = Parameter.Positive(NoiseMultiplier, nameof(NoiseMultiplier));

    /// <summary>Gets the number of batches; 0 or more.</summary>
    public int Steps { get; } = Parameter.AtLeast(Steps, 0, nameof(Steps));

    /// <summary>Gets an ε for which all steps together are (ε, δ)-differentially private, rounded up.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public double Epsilon(double delta)
    {
        RenyiConversion.Check(delta);
        if (Steps == 0)
        {
            return 0;
        }

        if (BatchSize == Records)
        {
            return RenyiCurve.Of(new GaussianEvent(1, NoiseMultiplier, Steps)).Epsilon(delta);
        }

        WithoutReplacementMoment moment = new((double)BatchSize / Records, NoiseMultiplier);
        return new RenyiCurve(moment.Divergence).Times(Steps).Epsilon(delta);
    }
}
