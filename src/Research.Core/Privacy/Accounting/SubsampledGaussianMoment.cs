using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>ln A of <see cref="SubsampledGaussian"/>, by two sums without a negative term.</summary>
internal static class SubsampledGaussianMoment
{
    // Digits of the quadrature: its error is below e⁻⁷⁵ (2.7e-33) times the moment.
    private const double QuadratureExponent = 75;
    private const double Tail = 14; // Standard deviations on either side; what lies beyond weighs 1e-44.

    /// <summary>Gets ln A at an integer order n.</summary>
    /// <remarks>
    /// A = Σₖ C(n,k)(1−q)ⁿ⁻ᵏqᵏ·exp((k²−k)/2σ²) (arXiv:1908.10530v1, section 3.3, integer α). The binomial weights sum
    /// to 1, hence A − 1 = Σₖ≥₂ weight·(exp((k²−k)/2σ²) − 1).
    /// </remarks>
    public static double AtInteger(double q, double sigma, int order)
    {
        double logOdds = DoubleLog.Of(q) - DoubleLog1P.Of(-q);
        double perTerm = 1 / (2 * sigma * sigma);
        double logWeight = order * DoubleLog1P.Of(-q);
        double lost = 0; // Compensates the running sum (Kahan), which has up to 2¹⁵ terms.
        LogSum sum = new();
        for (int k = 1; k <= order; k++)
        {
            double step = DoubleLog.Of((order - k + 1.0) / k) + logOdds - lost;
            double next = logWeight + step;
            lost = next - logWeight - step;
            logWeight = next;
            if (k >= 2)
            {
                sum.Add(logWeight + LogExpM1((double)k * (k - 1) * perTerm));
            }
        }

        return sum.LogOnePlus();
    }

    /// <summary>Gets ln A at any order, by the trapezoid rule.</summary>
    /// <remarks>
    /// A − 1 = ∫ μ₀(z)·g(x(z)) dz, x = q·(exp((2z−1)/2σ²) − 1), g(x) = (1+x)ᵅ − 1 − αx ≥ 0, since x has mean 0 under
    /// μ₀. The integrand is analytic for |Im z| below πσ², where its modulus integrates to at most exp(a²/2σ²) times a
    /// moment at height a; so step h errs by less than 2·exp(a²/2σ² − 2πa/h) of it (Trefethen and Weideman 2014, SIAM
    /// Review 56(3), Theorem 5.1), and h is chosen for an exponent of −75.
    /// </remarks>
    public static double AtFraction(double q, double sigma, double order)
    {
        double variance = sigma * sigma;
        double perVariance = 1 / variance;
        double logNormaliser = -0.5 * DoubleLog.Of(2 * Math.PI * variance);
        double step = Step(sigma);
        long first = (long)Math.Floor(-Tail * sigma / step);
        long last = (long)Math.Ceiling((order + (Tail * sigma)) / step);

        LogSum sum = new();
        for (long i = first; i <= last; i++)
        {
            double z = i * step;
            double logDensity = logNormaliser - (0.5 * z * z * perVariance);
            sum.Add(logDensity + LogExcess(q, (z - 0.5) * perVariance, order));
        }

        sum.Scale(step);
        return sum.LogOnePlus();
    }

    private static double Step(double sigma)
    {
        double variance = sigma * sigma;
        double narrow = 2 * Math.PI * Math.PI * variance / (QuadratureExponent + (Math.PI * Math.PI * variance / 2));
        return narrow < 2 ? narrow : Math.PI * sigma * Math.Sqrt(2 / QuadratureExponent);
    }

    // ln g(q·(exp(loss) − 1)).
    private static double LogExcess(double q, double loss, double order)
    {
        double x = q * DoubleExpM1.Of(loss);
        if (x == 0)
        {
            return double.NegativeInfinity;
        }

        if (Math.Abs(x) < 0.01)
        {
            return LogExcessSeries(x, order);
        }

        // For a loss that overflows, ln(1 + x) = ln q + loss to the last bit.
        double power = order * (double.IsFinite(x) ? DoubleLog1P.Of(x) : DoubleLog.Of(q) + loss);
        if (power < 1)
        {
            return DoubleLog.Of(DoubleExpM1.Of(power) - (order * x));
        }

        return power > 700
            ? power // Drops what is subtracted: an upper bound.
            : power + DoubleLog1P.Of(-((1 + (order * x)) * DoubleExp.Of(-power)));
    }

    // Σ C(α,j)xʲ from j = 2; cut after a term that cannot change the sum.
    private static double LogExcessSeries(double x, double order)
    {
        double term = 0.5 * order * (order - 1);
        double sum = term;
        for (int j = 3; j < 40 && Math.Abs(term) > 1e-18 * sum; j++)
        {
            term *= (order - j + 1) / j * x;
            sum += term;
        }

        return DoubleLog.Of(sum) + (2 * DoubleLog.Of(Math.Abs(x)));
    }

    private static double LogExpM1(double x) => x < 40 ? DoubleLog.Of(DoubleExpM1.Of(x)) : x;
}
