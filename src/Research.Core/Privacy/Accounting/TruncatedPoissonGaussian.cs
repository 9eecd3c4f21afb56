namespace Research.Privacy.Accounting;

/// <summary>Gaussian mechanisms on Poisson samples that are cut to a largest batch.</summary>
/// <remarks>
/// Neighbours: add or remove one record. A sample above the largest batch B is replaced by a uniform B-subset of it.
/// Let K be the number of other records sampled, whose distribution is the same for both neighbours. If K &lt; B the
/// step is that of plain Poisson sampling. If K ≥ B, the record joins with probability q·B/(K+1) ≤ q, and then takes
/// the place of another: the sum moves by at most two clip norms. So a step that tells whether K ≥ B is, with
/// probability P(K ≥ B), a Poisson-subsampled Gaussian of noise σ/2, else of σ; and δ(ε) is at most the mean of δ over
/// the binomial number of such steps. Source: Ganesh 2025, arXiv:2508.15089v1, whose analysis this is, with q in place
/// of the mean of q·B/(K+1), so that the bound holds for every smaller data set too: P(K ≥ B) grows with the number of
/// records, and noise σ/2 costs more than σ.
/// </remarks>
/// <param name="MostRecords">A bound on the number of records; 1 or more. It may be published, the number itself need
/// not.</param>
/// <param name="SampleRate">Probability q with which each record is sampled; in (0, 1).</param>
/// <param name="LargestBatch">B; 1 or more.</param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over the clip norm; finite, above 0.</param>
/// <param name="Steps">Number of batches; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record TruncatedPoissonGaussian(
    int MostRecords, double SampleRate, int LargestBatch, double NoiseMultiplier, int Steps)
{
    private const int MostBlocks = 40;
    private const double Neglected = 1e-4; // Of δ, on either side of the numbers of cut steps that are looked at.
    private const double Rounding = 1e-9; // Of the probabilities.
    private const double LargestNoise = 1e6; // Less noise only raises ε, and keeps the search short.
    private const double LeastProbability = 1e-200; // Raises what underflows.

    /// <summary>Gets the bound on the number of records.</summary>
    public int MostRecords { get; } = Parameter.AtLeast(MostRecords, 1, nameof(MostRecords));

    /// <summary>Gets the probability with which each record is sampled.</summary>
    public double SampleRate { get; } = Parameter.Rate(SampleRate, nameof(SampleRate));

    /// <summary>Gets the largest batch.</summary>
    public int LargestBatch { get; } = Parameter.AtLeast(LargestBatch, 1, nameof(LargestBatch));

    /// <summary>Gets the standard deviation of the noise over the clip norm.</summary>
    public double NoiseMultiplier { get; } = Parameter.Positive(NoiseMultiplier, nameof(NoiseMultiplier));

    /// <summary>Gets the number of batches; 0 or more.</summary>
    public int Steps { get; } = Parameter.AtLeast(Steps, 0, nameof(Steps));

    /// <summary>Gets an upper bound on the probability that a sample is cut.</summary>
    internal double CutProbability =>
        new BinomialDistribution(MostRecords, SampleRate).UpperTail(LargestBatch); // One trial more than K has.

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

        double rest = delta * (1 - Rounding - (2 * Neglected));
        return RenyiConversion.RoundUp(new PlanMixture(Blocks(delta * Neglected)).Epsilon(rest));
    }

    /// <summary>Gets numbers of cut steps in blocks, each block with the plan of its largest number.</summary>
    private List<(double Probability, PrivacyEvent[] Plan, RenyiCurve Curve)> Blocks(double neglected)
    {
        double noise = Math.Min(NoiseMultiplier, LargestNoise);
        GaussianEvent whole = new(SampleRate, noise, 1);
        GaussianEvent cut = new(SampleRate, noise / 2, 1);
        RenyiCurve wholeCurve = RenyiCurve.Of(whole);
        RenyiCurve cutCurve = RenyiCurve.Of(cut);
        (double, PrivacyEvent[], RenyiCurve) Block(double weight, int count) => (
            weight,
            [whole with { Steps = Steps - count }, cut with { Steps = count }],
            wholeCurve.Times(Steps - count).Plus(cutCurve.Times(count)));

        double probability = CutProbability;
        if (probability is 0 or 1)
        {
            return [Block(1, probability == 0 ? 0 : Steps)];
        }

        BinomialDistribution cuts = new(Steps, probability);
        int low = (int)cuts.Mean;
        int high = low;
        while (low > 0 && cuts.Mass(low - 1) * Steps >= neglected)
        {
            low--;
        }

        while (high < Steps && cuts.Mass(high + 1) * Steps >= neglected)
        {
            high++;
        }

        int width = 1 + ((high - low) / MostBlocks);
        List<(double, PrivacyEvent[], RenyiCurve)> blocks = [];
        for (int first = low; first <= high; first += width)
        {
            int last = Math.Min(high, first + width - 1);
            double sum = 0;
            for (int i = first; i <= last; i++)
            {
                sum += cuts.Mass(i);
            }

            blocks.Add(Block(Math.Max(sum, LeastProbability), last));
        }

        return blocks;
    }
}
