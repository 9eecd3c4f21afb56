using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The privacy of up to k records together: of a group, or of a user who owns that many.</summary>
/// <remarks>
/// Neighbours: add or remove up to k records. Exact reductions where the mechanism has one, else the general conversion
/// of (ε, δ), which holds for every mechanism and is loose.
/// </remarks>
public static class GroupPrivacy
{
    private const double LeastDelta = 1e-300;

    /// <summary>Gets an event that is at least as revealing about a group as one is about a record.</summary>
    /// <remarks>
    /// k records move a Gaussian's or a Laplace sum by at most k sensitivities: noise over k. ρ becomes k²ρ (Bun and
    /// Steinke 2016, arXiv:1605.02065v1, Proposition 1.9), ε becomes kε; k people answer k randomised responses. Under
    /// Poisson sampling, a group is in a batch with probability 1 − (1−q)ᵏ, and then moves the sum by at most k: by
    /// convexity, and because the divergences of (1−p)N(0, σ²) + p·N(s, σ²) and N(0, σ²) grow with s, the pair with s =
    /// k bounds the mixture over all subsets, in both directions. That is loose where most batches hold one record at
    /// most.
    /// </remarks>
    /// <param name="e">What is released.</param>
    /// <param name="records">k; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="records"/> is below 1.</exception>
    /// <exception cref="NotSupportedException">The event has no such analysis.</exception>
    public static PrivacyEvent Of(PrivacyEvent e, int records)
    {
        ArgumentNullException.ThrowIfNull(e);
        double k = Parameter.AtLeast(records, 1, nameof(records));
        return records == 1 ? e : e switch
        {
            GaussianEvent g => new GaussianEvent(AnyOf(g.SampleRate, k), g.NoiseMultiplier / k, g.Steps),
            LaplaceEvent l => new LaplaceEvent(l.Scale / k, l.Steps),
            PureEvent p => new PureEvent(p.Epsilon * k, p.Steps),
            RandomizedResponseEvent r => new RandomizedResponseEvent(
                r.Epsilon, r.Categories, Answers(r.Steps, records)),
            ConcentratedEvent c => new ConcentratedEvent(c.Rho * k * k, c.Steps),
            DiscreteGaussianEvent d => new ConcentratedEvent(k / d.Sigma * (k / d.Sigma) / 2 * (1 + 1e-15), d.Steps),
            _ => throw new NotSupportedException($"No group privacy is known of a {e.GetType().Name}."),
        };
    }

    /// <summary>Gets an ε for k records from the ε of one at every δ, for any mechanism whatever, rounded up.</summary>
    /// <remarks>
    /// (ε₁, δ₁) for one gives (kε₁, δ₁·(e^(kε₁) − 1)/(e^ε₁ − 1)) for k: Vadhan 2017, "The Complexity of Differential
    /// Privacy", Lemma 2.2. Minimised over δ₁ = δ·2⁻ʲ; every one of them is valid.
    /// </remarks>
    /// <param name="epsilonOf">Gets ε of one record at a δ in (0, 1); an accountant's method.</param>
    /// <param name="delta">δ of the group, in (0, 1).</param>
    /// <param name="records">k; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    /// <exception cref="InvalidOperationException">No δ of one record down to 1e-300 is enough.</exception>
    public static double Epsilon(Func<double, double> epsilonOf, double delta, int records)
    {
        ArgumentNullException.ThrowIfNull(epsilonOf);
        RenyiConversion.Check(delta);
        double k = Parameter.AtLeast(records, 1, nameof(records));

        // ε falls with δ₁, so the largest that is small enough gives the least ε on this grid. In strides that double until
        // one is, then by halves: few questions, for each may take long.
        int most = Math.Max(0, Math.ILogB(delta) - Math.ILogB(LeastDelta) - 1);
        (int tooFew, int halvings) = (-1, 0);
        double best = OfGroup(halvings);
        for (int stride = 1; !double.IsFinite(best); stride *= 2)
        {
            tooFew = halvings;
            halvings = tooFew < most
                ? Math.Min(tooFew + stride, most)
                : throw new InvalidOperationException(
                    $"No finite epsilon bounds a group of {records}: one record's loses more than its delta gains.");
            best = OfGroup(halvings);
        }

        while (halvings - tooFew > 1)
        {
            int middle = tooFew + ((halvings - tooFew) / 2);
            double epsilon = OfGroup(middle);
            (tooFew, halvings, best) = double.IsFinite(epsilon) ? (tooFew, middle, epsilon) : (middle, halvings, best);
        }

        return best;

        // k·ε₁, or infinity where δ₁ is not small enough.
        double OfGroup(int times)
        {
            double one = Math.ScaleB(delta, -times);
            double epsilon = epsilonOf(one);
            double factor = records == 1 || epsilon == 0
                ? k
                : DoubleExpM1.Of(k * epsilon) / DoubleExpM1.Of(epsilon) * (1 + 1e-12);
            return factor * one <= delta || records == 1 ? k * epsilon * (1 + 1e-15) : double.PositiveInfinity;
        }
    }

    private static int Answers(int steps, int records) => (long)steps * records <= int.MaxValue
        ? steps * records
        : throw new ArgumentOutOfRangeException(
            nameof(records), records, $"Expected at most {int.MaxValue / steps}: {steps} steps each.");

    // 1 − (1−q)ᵏ, rounded up.
    private static double AnyOf(double rate, double records) => rate is 0 or 1
        ? rate
        : Math.Min(1, -DoubleExpM1.Of(records * DoubleLog1P.Of(-rate)) * (1 + 1e-14));
}
