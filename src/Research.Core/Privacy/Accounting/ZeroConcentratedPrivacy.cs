using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>ρ-zero-concentrated differential privacy: Rényi divergence at most ρ·α, for every order α above
/// 1.</summary>
/// <remarks>
/// Neighbours: those of the mechanisms composed. Definition and composition by addition: Bun and Steinke 2016,
/// arXiv:1605.02065v1, Definition 1.1 and Lemma 1.7. Conversion at the best real order: Canonne, Kamath and Steinke
/// 2020, arXiv:2004.00010v4, Proposition 12. Every order is valid, so the search for the best cannot err downwards.
/// </remarks>
public readonly record struct ZeroConcentratedPrivacy
{
    private const double Rounding = 1 + 1e-12;
    private const double Margin = 1e-12; // Of the logarithms' magnitude: well above their rounding.
    private const double LeastLogOrder = -20; // α − 1 between 2e-9 and 1e149.
    private const double LargestLogOrder = 345;
    private const int Halvings = 60;
    private const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>Creates a guarantee.</summary>
    /// <param name="rho">ρ; finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rho"/> lies outside its range.</exception>
    public ZeroConcentratedPrivacy(double rho) => Rho = rho >= 0 && double.IsFinite(rho)
        ? rho
        : throw new ArgumentOutOfRangeException(nameof(rho), rho, "Expected a finite number, 0 or more.");

    /// <summary>Gets ρ; finite, 0 or more.</summary>
    public double Rho { get; }

    /// <summary>Gets what events guarantee together, rounded up.</summary>
    /// <remarks>
    /// Gaussian without sampling and discrete Gaussian: 1/2σ² (Bun and Steinke 2016, Proposition 1.6; Canonne, Kamath
    /// and Steinke 2020, Theorem 4). A pure ε: the lesser of ε²/2 (Proposition 1.4) and ε, as no divergence passes ε.
    /// </remarks>
    /// <param name="plan">The events, fixed in advance or not: ρ adds up under adaptive choice too, if the total is
    /// fixed.</param>
    /// <exception cref="NotSupportedException">Poisson sampling: the divergence of such a step grows faster than any
    /// ρ·α.</exception>
    public static ZeroConcentratedPrivacy Of(IEnumerable<PrivacyEvent> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        double rho = 0;
        foreach (PrivacyEvent e in plan)
        {
            rho += e.IsFree ? 0 : e.Steps * OfOneStep(e);
        }

        return new ZeroConcentratedPrivacy(rho * Rounding);
    }

    /// <summary>Gets the largest guarantee that is within (ε, δ), rounded down.</summary>
    /// <param name="epsilon">ε; finite, above 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static ZeroConcentratedPrivacy Largest(double epsilon, double delta)
    {
        CheckEpsilon(epsilon);
        ArgumentOutOfRangeException.ThrowIfZero(epsilon);
        RenyiConversion.Check(delta);
        double enough = 0; // ε²/(8·(ε + ln 1/δ)) would do; 0 always does.
        double tooMuch = epsilon + 1;
        while (new ZeroConcentratedPrivacy(tooMuch).Delta(epsilon) <= delta)
        {
            enough = tooMuch;
            tooMuch *= 2;
        }

        for (int i = 0; i < 1200 && Math.BitIncrement(enough) < tooMuch; i++)
        {
            double middle = enough + ((tooMuch - enough) / 2);
            (enough, tooMuch) = new ZeroConcentratedPrivacy(middle).Delta(epsilon) <= delta
                ? (middle, tooMuch)
                : (enough, middle);
        }

        return new ZeroConcentratedPrivacy(enough);
    }

    /// <summary>Gets an ε for which (ε, δ)-differential privacy follows, rounded up.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    public double Epsilon(double delta)
    {
        RenyiConversion.Check(delta);
        if (Rho == 0)
        {
            return 0;
        }

        // d/dα of ρα + ln(1 − 1/α) − ln(δα)/(α − 1) is ρ + ln(δα)/(α − 1)², whose only zero is where it turns positive.
        double rho = Rho;
        double logDelta = DoubleLog.Of(delta);
        double excess = Root(x => (rho * x * x) + logDelta + DoubleLog1P.Of(x));
        return RenyiConversion.RoundUp((rho * (1 + excess) * Rounding) + RenyiConversion.Cost(1 + excess, delta));
    }

    /// <summary>Gets a δ for which (ε, δ)-differential privacy follows, rounded up.</summary>
    /// <param name="epsilon">ε; finite, 0 or more.</param>
    /// <returns>δ in [0, 1]; 0 only if ρ is.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> lies outside its range.</exception>
    public double Delta(double epsilon)
    {
        CheckEpsilon(epsilon);
        if (Rho == 0)
        {
            return 0;
        }

        // ln δ = (α − 1)(αρ − ε) + α·ln(1 − 1/α) − ln(α − 1) is convex in α, with this slope.
        double rho = Rho;
        double x = Root(x => (((2 * x) + 1) * rho) - epsilon + LogOneLess(x));
        double order = 1 + x;
        double product = x * ((order * rho) - epsilon);
        double ratio = order * LogOneLess(x);
        double logExcess = DoubleLog.Of(x);
        double size = (x * ((order * rho) + epsilon)) + Math.Abs(ratio) + Math.Abs(logExcess);
        double delta = DoubleExp.Of(product + ratio - logExcess + (Margin * size));
        return Math.Clamp(delta, LeastNormal, 1);
    }

    private static double OfOneStep(PrivacyEvent e) => e switch
    {
        GaussianEvent { SampleRate: 1 } g => 1 / g.NoiseMultiplier / (2 * g.NoiseMultiplier),
        GaussianEvent => throw new NotSupportedException(
            "Poisson sampling has no zero-concentrated analysis: its divergence grows faster than the order."),
        DiscreteGaussianEvent d => 1 / d.Sigma / (2 * d.Sigma),
        ConcentratedEvent c => c.Rho,
        LaplaceEvent l => OfPure(1 / l.Scale),
        PureEvent p => OfPure(p.Epsilon),
        RandomizedResponseEvent r => OfPure(r.Epsilon),
        _ => throw new NotSupportedException($"No zero-concentrated analysis is known of a {e.GetType().Name}."),
    };

    private static double OfPure(double epsilon) => Math.Min(epsilon, epsilon * epsilon / 2);

    // ln(1 − 1/α), α = 1 + x.
    private static double LogOneLess(double x) => DoubleLog.Of(x) - DoubleLog1P.Of(x);

    /// <summary>Gets α − 1 close to where a function turns from negative to positive.</summary>
    private static double Root(Func<double, double> function)
    {
        double low = LeastLogOrder;
        double high = LargestLogOrder;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = function(DoubleExp.Of(middle)) < 0 ? (middle, high) : (low, middle);
        }

        return DoubleExp.Of(high);
    }

    private static void CheckEpsilon(double epsilon)
    {
        if (!(epsilon >= 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number, 0 or more.");
        }
    }
}
