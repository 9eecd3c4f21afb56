using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Rényi divergence of a Gaussian on a batch drawn without replacement, one record replaced.</summary>
/// <remarks>
/// With u = 1 + γ·(exp((2z−1)/2σ²) − 1), the ratio of the mixture to N(0, σ²): let h(x) be the curve of
/// <see cref="WithoutReplacementGaussian"/>, the mixture's divergence from the Gaussian for x ≥ 1 and the reverse
/// below. An f-divergence is ∫ f''(x)·(h(x) − (1−x)⁺) dx, here of f = xᵅ. Each half is an expectation over u &gt; 1,
/// that is z &gt; ½, of g_a(u) = uᵃ − 1 − a(u − 1) with a = α and a = 1 − α, and g_α + g_(1−α) = (uᵅ − 1)(1 − u^(1−α)).
/// So A = 1 + ∫ from ½ of φ_σ(z)·(uᵅ − 1)(1 − u^(1−α)) dz: no term is negative, nothing cancels.
/// </remarks>
internal sealed class WithoutReplacementMoment
{
    private const double LargestNoise = 1e8; // The divergence falls with σ; more noise would lose the ratio's digits.
    private const double SafetyFactor = 1 + 1e-9; // Measured error against mpmath: below 1e-11.
    private const double Tail = 14; // Standard deviations beyond α; what lies beyond weighs 1e-44.
    private const int MostPanels = 600;
    private const double LogTwo = 0.6931471805599453;

    private readonly List<(double LogWeight, double LogRatio)> _nodes = [];

    // u has no zero within πσ² of the real line, and the density varies on the scale σ: panels this narrow leave
    // sixteen Gauss nodes an error of 12⁻³² of the integrand's size on the ellipse around them.
    private readonly double _width;
    private readonly double _rate;
    private readonly double _sigma;

    /// <summary>Prepares a step.</summary>
    /// <param name="rate">γ in (0, 1).</param>
    /// <param name="sigma">σ, above 0.</param>
    public WithoutReplacementMoment(double rate, double sigma)
    {
        _rate = rate;
        _sigma = Math.Min(sigma, LargestNoise);
        _width = Math.Min(_sigma, _sigma * _sigma);
    }

    private static ReadOnlySpan<double> GaussNodes =>
    [
        0.09501250983763744, 0.2816035507792589, 0.4580167776572274, 0.6178762444026437,
        0.755404408355003, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
    ];

    private static ReadOnlySpan<double> GaussWeights =>
    [
        0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674,
        0.12462897125553388, 0.09515851168249278, 0.062253523938647894, 0.027152459411754096,
    ];

    /// <summary>Gets an upper bound on the divergence, in nats; infinite where none is known.</summary>
    /// <param name="order">α, above 1.</param>
    public double Divergence(double order)
    {
        double panels = Math.Ceiling((order + (Tail * _sigma)) / _width);
        if (!(panels <= MostPanels))
        {
            return FromPoisson(order);
        }

        Extend((int)panels);
        LogSum sum = new();
        int count = (int)panels * GaussNodes.Length * 2;
        for (int i = 0; i < count; i++)
        {
            (double logWeight, double logRatio) = _nodes[i];
            double less = -DoubleExpM1.Of((1 - order) * logRatio);
            if (less > 0)
            {
                sum.Add(logWeight + DoubleLog.Of(less) + LogExpM1(order * logRatio));
            }
        }

        return sum.LogOnePlus() / (order - 1) * SafetyFactor;
    }

    /// <summary>Bounds A − 1 by twice that of Poisson sampling.</summary>
    /// <remarks>
    /// For α ≥ 2 and u ≥ 1, g_(1−α) ≤ α(α−1)(u−1)²/2 ≤ g_α (Taylor), and the integral of g_α is at most the whole one.
    /// </remarks>
    private double FromPoisson(double order)
    {
        if (order < 2)
        {
            return double.PositiveInfinity;
        }

        double logMoment = (order - 1) * SubsampledGaussian.RenyiDivergence(_rate, _sigma, order);
        if (!(logMoment > 0 && double.IsFinite(logMoment)))
        {
            return double.PositiveInfinity;
        }

        LogSum sum = new();
        sum.Add(LogTwo + LogExpM1(logMoment));
        return sum.LogOnePlus() / (order - 1) * SafetyFactor;
    }

    private void Extend(int panels)
    {
        double logScale = DoubleLog.Of(_width / 2 / _sigma) - (0.5 * DoubleLog.Of(2 * Math.PI));
        for (int panel = _nodes.Count / (GaussNodes.Length * 2); panel < panels; panel++)
        {
            double middle = 0.5 + ((panel + 0.5) * _width);
            for (int i = 0; i < GaussNodes.Length; i++)
            {
                double logWeight = logScale + DoubleLog.Of(GaussWeights[i]);
                double offset = GaussNodes[i] * _width / 2;
                _nodes.Add(Node(middle - offset, logWeight));
                _nodes.Add(Node(middle + offset, logWeight));
            }
        }
    }

    private (double LogWeight, double LogRatio) Node(double z, double logWeight)
    {
        double loss = (z - 0.5) / (_sigma * _sigma);
        double logRatio = loss < 700
            ? DoubleLog1P.Of(_rate * DoubleExpM1.Of(loss))
            : DoubleLog.Of(_rate) + loss + DoubleLog1P.Of((1 - _rate) / _rate * DoubleExp.Of(-loss));
        double standard = z / _sigma;
        return (logWeight - (0.5 * standard * standard), logRatio);
    }

    private static double LogExpM1(double x) => x < 40 ? DoubleLog.Of(DoubleExpM1.Of(x)) : x;
}
