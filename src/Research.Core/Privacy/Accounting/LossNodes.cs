using System.Runtime.CompilerServices;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The privacy loss L = ln(dP/dQ) of one release, under P, as weighted points.</summary>
/// <remarks>
/// E[f(L)] is the sum of f over the points: exactly where L is discrete, by quadrature where it is not. On the real
/// line that is the trapezoid rule, for integrands that are analytic in a strip: step h errs by at most 2·N/(e^(2πa/h)
/// − 1) where N bounds ∫|f(x + ia)|dx (Trefethen and Weideman 2014, SIAM Review 56(3), Theorem 5.1). For f = e^(zL)
/// with |Im z| up to a given frequency, h is chosen so that this is e⁻⁴² of E[e^(Re z·L)].
/// </remarks>
/// <param name="LogMass">Logarithm of each point's probability under P.</param>
/// <param name="Loss">Each point's loss, in nats.</param>
internal sealed record LossNodes(double[] LogMass, double[] Loss)
{
    private const double Exponent = 42; // e⁻⁴² is 6e-19.
    private const double PerPoint = 30; // Operations.
    private const int MostLegendre = 1000;
    private const double MostPoints = 300_000;
    private const double MostWidth = 6000;

    /// <summary>Points are dropped where they weigh e⁻⁴⁶ of the heaviest: enough for all of a loss.</summary>
    public const double Depth = 46;

    /// <summary>What quadrature, dropped points and cuts miss of E[e^(zL)], relative to E[e^(Re z·L)]: e⁻⁴² and less
    /// each.</summary>
    public const double RelativeError = 3e-18;

    /// <summary>A cut times the frequency from which the jumps above it no longer count.</summary>
    public const double Reach = 88;

    /// <summary>In cuts: the bulk's share beyond is below Q(9.5), 1e-21.</summary>
    public const double BulkEnd = 2;

    /// <summary>Logarithm of Q(9.5), the bulk's share there, rounded up.</summary>
    public const double LogShareAtBulkEnd = -48.3;

    /// <summary>Over a cut: the largest tilt beyond which the bulk's weight no longer falls at once.</summary>
    public const double BulkTilt = 90;

    private const double Steepness = 9.5; // At no loss the jumps' share is Q(9.5).

    private delegate (double LogMass, double Loss) Density(double x);

    /// <summary>Makes the points of a release.</summary>
    /// <param name="e">The event; its steps are not looked at.</param>
    /// <param name="isRemoval">Whether P is the distribution with the record, and Q that without; else the other
    /// way.</param>
    /// <param name="tilt">Largest Re z, 0 or more.</param>
    /// <param name="frequency">Largest |Im z|, 0 or more.</param>
    /// <param name="budget">Pays for the points.</param>
    /// <param name="most">Losses above this are left out: for functions that vanish there.</param>
    /// <param name="depth">Logarithm of the heaviest point's weight over the lightest's that counts.</param>
    /// <exception cref="NotSupportedException">The loss of such a release is not known.</exception>
    /// <exception cref="ContourException">There would be too many points, or more than the budget pays.</exception>
    public static LossNodes Of(
        PrivacyEvent e,
        bool isRemoval,
        double tilt,
        double frequency,
        WorkBudget budget,
        double most = double.PositiveInfinity,
        double depth = Depth) => e switch
        {
            GaussianEvent { SampleRate: 1 } g => Gaussian(1 / g.NoiseMultiplier, tilt, frequency, budget),
            GaussianEvent g => Build(
                Layout(g, isRemoval, tilt, frequency, most, depth), Ratio(g, isRemoval), budget),
            LaplaceEvent l => Laplace(1 / l.Scale, frequency, budget),
            DiscreteGaussianEvent d => Lattice(d.Sigma, tilt, budget),
            RandomizedResponseEvent r => Response(r.Epsilon, r.Categories),
            PureEvent p => Response(p.Epsilon, 2), // The worst of all that are ε-private (Kairouz, Oh and Viswanath 2015).
            _ => throw new NotSupportedException(
                $"The distribution of the privacy loss of a {e.GetType().Name} is not known: see RdpAccountant."),
        };

    /// <summary>Gets the share of a loss that lies above a cut, parted smoothly; 0 for an infinite cut.</summary>
    public static double JumpShare(double loss, double cut) => loss < -cut || double.IsInfinity(cut)
        ? 0
        : NormalTail.Of(Steepness * (1 - (loss / cut)));

    /// <summary>Gets the share of a loss that lies below a cut; 1 for an infinite cut.</summary>
    public static double BulkShare(double loss, double cut) => double.IsInfinity(cut)
        ? 1
        : loss > 4 * cut ? 0 : NormalTail.Of(Steepness * ((loss / cut) - 1));

    /// <summary>Gets the frequency that takes as many points as a cut's slope: √(2·42) over its width.</summary>
    public static double ShareFrequency(double cut) => 9.2 * Steepness / cut;

    /// <summary>Gets a point's weight when the distribution is tilted by e^(tL) and divided by a transform.</summary>
    public double Tilted(int i, double t, double log) =>
        DoubleExp.Of(Math.FusedMultiplyAdd(t, Loss[i], LogMass[i]) - log);

    /// <summary>Gets the largest tilt for which points can be made.</summary>
    public static double MostTilt(PrivacyEvent e, bool isRemoval) => e is GaussianEvent { SampleRate: < 1 } g
        ? 0.6 * MostWidth * g.NoiseMultiplier / (isRemoval ? 1 : g.SampleRate)
        : double.PositiveInfinity;

    /// <summary>Gets how many points there would be.</summary>
    public static double Count(PrivacyEvent e, bool isRemoval, double tilt, double frequency)
    {
        if (e is not GaussianEvent { SampleRate: < 1 } g)
        {
            return 50 + frequency;
        }

        (double first, double last, double step) = Layout(g, isRemoval, tilt, frequency, double.PositiveInfinity, Depth);
        return (last - first) / step;
    }

    private static LossNodes Gaussian(double mu, double tilt, double frequency, WorkBudget budget)
    {
        double tail = Math.Sqrt(2 * Depth);
        // Under P the loss is μ·x + μ²/2; tilting moves x by μ·tilt. Any strip serves: the integrand is entire.
        double step = 2 * Math.PI / (Math.Sqrt(2 * Exponent) + (frequency * mu));
        return Build(
            (-tail, tail + (mu * tilt), step), x => (-0.5 * x * x, (mu * x) + (0.5 * mu * mu)), budget);
    }

    // x is normal without the record; with w = x/σ − 1/2σ², ln(dP/dQ) of the removal is ln(1 + q·(e^w − 1)).
    private static Density Ratio(GaussianEvent e, bool isRemoval)
    {
        double q = e.SampleRate;
        double sigma = e.NoiseMultiplier;
        return x =>
        {
            double w = (x / sigma) - (0.5 / (sigma * sigma));
            double ratio = w < 700 ? DoubleLog1P.Of(q * DoubleExpM1.Of(w)) : w + DoubleLog.Of(q);
            return isRemoval ? ((-0.5 * x * x) + ratio, ratio) : (-0.5 * x * x, -ratio);
        };
    }

    private static (double First, double Last, double Step) Layout(
        GaussianEvent e, bool isRemoval, double tilt, double frequency, double most, double depth)
    {
        double tail = Math.Sqrt(2 * depth); // There the normal density has fallen by e^−depth.
        // The tilted density peaks between 0 and (1 + tilt)/σ, or 0 and −tilt/σ, and falls like a normal one beyond.
        double q = e.SampleRate;
        double sigma = e.NoiseMultiplier;
        double first = isRemoval ? -tail : -tail - (tilt * q / sigma); // Left of 0 the slope is at most q/σ.
        double last = isRemoval ? tail + ((1 + tilt) / sigma) : tail;
        if (most < 100)
        {
            last = Math.Min(last, (sigma * DoubleLog1P.Of(DoubleExpM1.Of(most) / q)) + (0.5 / sigma));
        }

        (first, last) = Trim(first, last, tilt, depth, Ratio(e, isRemoval));
        double w = (last / sigma) - (0.5 / (sigma * sigma));
        double steepest = w > 300 ? 1 : q * DoubleExp.Of(w) / (1 + (q * DoubleExpM1.Of(w)));

        // Within a quarter turn of e^(ix/σ) the argument of dP/dQ grows with its slope; nearer the branch point at half
        // a turn it is below the angle.
        double widest = Math.Sqrt(2 * Exponent);
        double pointsPerTurn = Math.Min(
            PointsPerTurn(Math.Min(1.4 * sigma, widest), 1.1 * steepest / sigma * frequency),
            PointsPerTurn(Math.Min(2.8 * sigma, widest), frequency / sigma));
        return (first, last, 2 * Math.PI / pointsPerTurn);
    }

    // 2π/h for a strip of half-width a whose integrand grows by e^(a²/2 + a·growth).
    private static double PointsPerTurn(double a, double growth) => (Exponent / a) + (a / 2) + growth;

    // Cuts the ends where neither the density nor the tilted one weighs anything.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double First, double Last) Trim(
        double first, double last, double tilt, double depth, Density density)
    {
        double tail = Math.Sqrt(2 * depth);
        double most = double.NegativeInfinity;
        const double Pace = 2; // Peaks are at least as wide as a normal density.
        if (last - first > MostWidth)
        {
            throw new ContourException("The tilted loss spreads too far.");
        }

        for (double x = first; x < last + Pace; x += Pace)
        {
            (double logMass, double loss) = density(x);
            most = Math.Max(most, logMass + (tilt * loss));
        }

        bool Weighs(double x)
        {
            (double logMass, double loss) = density(x);
            return logMass > -depth || logMass + (tilt * loss) > most - depth;
        }

        while (first < -tail && !Weighs(first + Pace))
        {
            first += Pace;
        }

        while (last > tail && !Weighs(last - Pace))
        {
            last -= Pace;
        }

        return (first, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static LossNodes Build(
        (double First, double Last, double Step) layout, Density density, WorkBudget budget)
    {
        double count = Math.Ceiling((layout.Last - layout.First) / layout.Step) + 1;
        if (!(count <= MostPoints))
        {
            throw new ContourException($"A release needs {count} points, more than {MostPoints}.");
        }

        budget.Spend(count * PerPoint);
        double logWeight = DoubleLog.Of(layout.Step) - NormalTail.LogRootTwoPi;
        LossNodes nodes = new(new double[(int)count], new double[(int)count]);
        for (int i = 0; i < nodes.Loss.Length; i++)
        {
            (double log, nodes.Loss[i]) = density(layout.First + (i * layout.Step));
            nodes.LogMass[i] = log + logWeight;
        }

        return nodes;
    }

    // x ~ Laplace(0, 1) under P and Laplace(1/ε.., 1) under Q: losses ±ε beyond either centre, ε − 2u at u between them.
    private static LossNodes Laplace(double epsilon, double frequency, WorkBudget budget)
    {
        double needed = 24 + Math.Floor(epsilon * (1 + frequency) / 2);
        if (!(needed <= MostLegendre))
        {
            throw new ContourException($"A Laplace mechanism needs {needed} points, more than {MostLegendre}.");
        }

        int count = (int)needed;
        budget.Spend((double)count * count * PerPoint);
        (double[] at, double[] weight) = GaussLegendre.Of(count);
        LossNodes nodes = new(new double[count + 2], new double[count + 2]);
        for (int i = 0; i < count; i++)
        {
            double u = 0.5 * epsilon * (1 + at[i]);
            nodes.Loss[i] = epsilon - (2 * u);
            nodes.LogMass[i] = DoubleLog.Of(0.25 * epsilon * weight[i]) - u;
        }

        (nodes.Loss[count], nodes.LogMass[count]) = (epsilon, DoubleLog.Of(0.5));
        (nodes.Loss[count + 1], nodes.LogMass[count + 1]) = (-epsilon, DoubleLog.Of(0.5) - epsilon);
        return nodes;
    }

    // k under P ∝ exp(−k²/2σ²), and under Q the same about 1.
    private static LossNodes Lattice(double sigma, double tilt, WorkBudget budget)
    {
        double reach = Math.Ceiling((Math.Sqrt(2 * Depth) * sigma) + (tilt / sigma) + 2);
        if (!(reach <= MostPoints / 2))
        {
            throw new ContourException("A discrete Gaussian has too many points.");
        }

        budget.Spend(2 * reach * PerPoint);
        int half = (int)reach;
        LossNodes nodes = new(new double[(2 * half) + 1], new double[(2 * half) + 1]);
        double sum = 0;
        for (int i = 0; i < nodes.Loss.Length; i++)
        {
            double k = i - half;
            nodes.LogMass[i] = -0.5 * k * k / (sigma * sigma);
            nodes.Loss[i] = (0.5 - k) / (sigma * sigma);
            sum += DoubleExp.Of(nodes.LogMass[i]);
        }

        double log = DoubleLog.Of(sum);
        for (int i = 0; i < nodes.LogMass.Length; i++)
        {
            nodes.LogMass[i] -= log;
        }

        return nodes;
    }

    private static LossNodes Response(double epsilon, int categories)
    {
        double logOther = -(epsilon + DoubleLog1P.Of((categories - 1) * DoubleExp.Of(-epsilon)));
        return categories == 2
            ? new([logOther + epsilon, logOther], [epsilon, -epsilon])
            : new([logOther + epsilon, logOther, logOther + DoubleLog.Of(categories - 2)], [epsilon, -epsilon, 0]);
    }
}
