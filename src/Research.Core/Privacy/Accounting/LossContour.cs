using System.Numerics;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>δ(ε) of a whole plan in one direction, by a contour integral over the transform of its privacy
/// loss.</summary>
/// <remarks>
/// <para>
/// δ(ε) = E[(1 − e^(ε−L))₊] = (1/2π)∫ M(t+iy)·e^(−(t+iy)ε) / ((t+iy)(1+t+iy)) dy for any t above 0, with M(z) =
/// E[e^(zL)] over all steps (the inverse Laplace transform; the exact form behind Alghamdi et al. 2023, "The
/// Saddle-Point Method in Differential Privacy", ICML). t is the saddle point, or left of it where that is cheaper.
/// </para>
/// <para>
/// The trapezoid rule of step h gives Σ δ(ε + 2πm/h)·e^(2πmt/h) over all whole m (Poisson summation): no term is
/// negative, so the sum is never below δ(ε), and what it is above is bounded by δ ≤ 1 and by Chernoff's bound at a
/// second point.
/// </para>
/// </remarks>
internal sealed class LossContour(
    IReadOnlyList<(PrivacyEvent Step, long Count)> plan, bool isRemoval, WorkBudget budget)
{
    /// <summary>What the step adds to δ is kept below e⁻²¹ (8e-10) of it, or less than ε can tell.</summary>
    internal const double AliasExponent = 21;

    /// <summary>The bounds lie no farther apart than this times max(1, ε), or the integral is not taken.</summary>
    internal const double MostGap = 5e-7;

    private const double FirstRange = 60;
    private const double TailFraction = 1e-9;
    private const double Near = 0.05;
    private const double Pace = 1.25;
    private const double Takeover = 6; // Of the variance within one pace of t: one tail gives way to another.
    private const double Cheap = 8e6; // Points times frequencies: some ten milliseconds.
    private const double Plain = 2e5;
    private const double Dear = 4e7;
    private const double PerPoint = 30; // What making a point costs, in evaluations.
    private const double PerValue = 50; // And powers and products, in points.
    private const double Certain = 1e-6; // Well above the rounding of ln δ by Chernoff's bound.

    private readonly (LossTransform Step, long Count)[] _parts =
        [.. plan.Select(part => (new LossTransform(part.Step, isRemoval, budget), part.Count))];

    /// <summary>Gets bounds on the smallest ε at a δ.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="isThorough">Whether to spend some 50 ms rather than a few.</param>
    /// <exception cref="ContourException">The integral would take too long, or cancel.</exception>
    public EpsilonBounds Epsilon(double delta, bool isThorough)
    {
        double goal = DoubleLog.Of(delta);
        Saddle saddle = Find(s => s.LogDelta - goal);
        bool isFound = Math.Abs(saddle.LogDelta - goal) < 1 && Cost(saddle, goal, Step(saddle, goal)) < Plain
            && saddle.Variance < Takeover * At(saddle.T / Pace).Variance;
        Saddle[] profile = isFound ? [saddle] : Profile();
        double epsilon = Math.Max(0, isFound ? saddle.Epsilon : profile.Min(s => (s.Log + Payoff(s.T) - goal) / s.T));
        for (int i = 0; i < 8; i++)
        {
            ContourLine line = Evaluate(profile, epsilon, goal, budget.Part(isThorough ? Dear : Cheap));
            EpsilonBounds bounds = line.Solve(epsilon, goal);
            if (Math.Abs(bounds.Upper - epsilon) * line.T < 2)
            {
                return bounds.Upper - bounds.Lower <= MostGap * Math.Max(1, bounds.Upper)
                    ? bounds
                    : throw new ContourException("The integral cancels.");
            }

            epsilon = bounds.Upper; // What the step and the end of the line were chosen for was too far away.
        }

        throw new ContourException("The saddle point is not found.");
    }

    /// <summary>Gets whether Chernoff's bound, at one of a few points, shows that δ(ε) is at most a δ.</summary>
    /// <param name="epsilon">ε, 0 or more.</param>
    /// <param name="goal">ln δ.</param>
    public bool IsBelow(double epsilon, double goal)
    {
        double best = 0;
        double most = Math.Min(Most, 1e12);
        for (double t = 0.25 / Math.Max(1e-9, epsilon); t < most; t *= 1.4)
        {
            double bound = At(t).Log - (t * epsilon) + Payoff(t);
            if (bound <= goal - Certain)
            {
                return true;
            }

            if (!(bound <= best + 5))
            {
                return false;
            }

            best = Math.Min(bound, best);
        }

        return false;
    }

    // Where large jumps are rare, they take over the transform at some t, all at once, and no saddle point lies near: the
    // line is put to the left of that.
    private Saddle[] Profile()
    {
        List<Saddle> profile = [SaddleAt(0.2)];
        for (double t = 0.2 * Pace; t < Most && profile.Count < 80; t *= Pace)
        {
            Saddle next = SaddleAt(t);
            if (next.Variance > Takeover * profile[^1].Variance)
            {
                break;
            }

            profile.Add(next);
        }

        return [.. profile];
    }

    /// <summary>Gets ln sup over x above 0 of (1 − e^(−x))·e^(−tx), which is tᵗ/(1 + t)¹⁺ᵗ.</summary>
    internal static double Payoff(double t) => (t * (DoubleLog.Of(t) - DoubleLog1P.Of(t))) - DoubleLog1P.Of(t);

    /// <summary>Sums along a line until what is left no longer counts.</summary>
    /// <param name="t">The line, Re z.</param>
    /// <param name="log">Logarithm of the transform there.</param>
    /// <param name="layout">The step, and the frequencies to begin with.</param>
    /// <param name="errors">Of the values and of the step; asked once they are there.</param>
    /// <param name="leastTail">A ratio of this times its frequency no longer counts.</param>
    /// <param name="budget">Pays for points times frequencies.</param>
    /// <param name="setLine">Prepares frequencies from one to another; gets the number of points.</param>
    /// <param name="ratio">The transform at t + iy over that at t, and a bound on its size that falls for good: atoms bring
    /// the transform back, again and again, and count as 1.</param>
    internal static ContourLine Along(
        double t,
        double log,
        (double Step, double First) layout,
        Func<LineErrors> errors,
        double leastTail,
        WorkBudget budget,
        Func<double, double, int> setLine,
        Func<double, (Complex Value, double Size)> ratio)
    {
        List<Complex> values = [Complex.One / (t * (1 + t))];
        double recent = 1;
        int window = 0;
        double before = 0;
        for (double last = Math.Min(layout.First, FirstRange); ; (before, last) = (last, last * (last < FirstRange ? 1.5 : 2)))
        {
            int points = setLine(before, last);
            budget.Spend(points * PerPoint);
            for (; values.Count * layout.Step <= last; window++)
            {
                double y = values.Count * layout.Step;
                budget.Spend(points + PerValue);
                (Complex at, double size) = ratio(y);
                values.Add(at / (new Complex(t, y) * new Complex(1 + t, y)));
                (recent, window) = size > recent || window > values.Count / 8 ? (size, 0) : (recent, window);
                if (window >= values.Count / 8 && values.Count > 4 && recent <= leastTail * y)
                {
                    return new ContourLine(t, log, layout.Step, values, recent / (Math.PI * y), errors());
                }
            }
        }
    }

    private double Most => _parts.Min(part => part.Step.Most);

    private (double Log, double Mean, double Variance) At(double t)
    {
        (double log, double mean, double variance) = (0, 0, 0);
        foreach ((LossTransform step, long count) in _parts)
        {
            (double l, double m, double v) = step.At(t);
            (log, mean, variance) = (log + (count * l), mean + (count * m), variance + (count * v));
        }

        return (log, mean, variance);
    }

    private Saddle SaddleAt(double t)
    {
        (double log, double mean, double variance) = At(t);
        double epsilon = mean - (1 / t) - (1 / (1 + t));
        double curvature = variance + (1 / (t * t)) + (1 / ((1 + t) * (1 + t)));
        double logDelta = log - (t * epsilon) - DoubleLog.Of(t) - DoubleLog1P.Of(t)
            - (0.5 * DoubleLog.Of(2 * Math.PI * curvature));
        return new Saddle(t, log, variance, epsilon, curvature, logDelta);
    }

    // Finds the t at which an excess, falling in t, is near 0.
    private Saddle Find(Func<Saddle, double> excess)
    {
        double spread = Math.Sqrt(At(0).Variance);
        double most = DoubleLog.Of(Math.Min(Most, 1e12));
        double log = Math.Min(most, DoubleLog.Of(spread > 0 ? Math.Clamp(4 / spread, 1e-9, 1e9) : 1));
        Saddle saddle = SaddleAt(DoubleExp.Of(log));
        double value = excess(saddle);
        (double Log, double Value) low = (double.NegativeInfinity, double.NaN);
        (double Log, double Value) high = (double.PositiveInfinity, double.NaN);
        double pace = 0.7;
        for (int i = 0; i < 100 && !(Math.Abs(value) < Near); i++)
        {
            (low, high) = value > 0 ? ((log, value), high) : (low, (log, value));
            if (double.IsInfinity(low.Log) || double.IsInfinity(high.Log))
            {
                log += value > 0 ? pace : -pace;
                pace *= 1.5;
            }
            else
            {
                double share = low.Value / (low.Value - high.Value);
                share = i % 3 == 2 || !double.IsFinite(share) ? 0.5 : Math.Clamp(share, 0.05, 0.95);
                log = low.Log + (share * (high.Log - low.Log));
            }

            log = Math.Min(log, most);
            if (high.Log - low.Log < 1e-6 || log < -60 || log == low.Log)
            {
                break;
            }

            saddle = SaddleAt(DoubleExp.Of(log));
            value = excess(saddle);
        }

        return saddle;
    }

    private ContourLine Evaluate(Saddle[] profile, double epsilon, double goal, WorkBudget share)
    {
        double least = double.PositiveInfinity;
        (double step, double rightTilt) = (0, 0);
        Saddle chosen = default;
        for (int i = 0; i < profile.Length; i++)
        {
            Saddle saddle = profile[i] with { Epsilon = epsilon };
            (double right, double tilt) = profile.Length == 1
                ? Right(saddle, Beyond(saddle), goal)
                : Right(saddle, profile.AsSpan(i + 1), goal);
            double width = 2 * Math.PI / Math.Max(Left(saddle, goal), right);
            double cost = Cost(saddle, goal, width);
            (least, step, rightTilt, chosen) =
                cost < least ? (cost, width, tilt, saddle) : (least, step, rightTilt, chosen);
        }

        if (!(least <= share.Left))
        {
            throw new ContourException("The transform of the loss falls too slowly along the contour.");
        }

        return Along(
            chosen.T,
            chosen.Log,
            (step, 9 / Math.Sqrt(chosen.Variance)),
            () => new LineErrors(
                _parts.Sum(part => part.Count) * LossNodes.RelativeError,
                _parts.Sum(part => part.Count * part.Step.MeanSize(chosen.T)),
                Omitted: 0,
                Alias: 4 * DoubleExp.Of(-Exponent(chosen.T)),
                AliasTilt: rightTilt,
                AliasEpsilon: epsilon),
            TailFraction * Math.Max(1, chosen.T) * Math.PI * DoubleExp.Of(goal - chosen.Log + (chosen.T * epsilon)),
            share,
            (from, to) => _parts.Sum(part => part.Step.SetLine(chosen.T, from, to)),
            y =>
            {
                Complex ratio = Complex.Zero;
                double size = 1;
                foreach ((LossTransform part, long count) in _parts)
                {
                    Complex power = Oscillation.PowerLessOne(part.RatioLessOne(y), count);
                    ratio = Oscillation.ProductLessOne(ratio, power);
                    size *= part.IsContinuous ? Complex.Abs(Complex.One + power) : 1;
                }

                return (Complex.One + ratio, size);
            });
    }

    // Relative errors of δ below e⁻²¹, or what e⁻²¹ is to ε, which δ falls with as e^(−tε).
    private static double Exponent(double t) => Math.Max(8, AliasExponent - DoubleLog.Of(Math.Max(1, t)));

    private double Cost(Saddle saddle, double goal, double step)
    {
        // Digits that cancel: what is summed is this much larger than δ.
        double cancels = saddle.Log - (saddle.T * saddle.Epsilon) - goal - (2 * DoubleLog.Of(saddle.T));
        double frequency = 9 / Math.Sqrt(saddle.Variance);
        return cancels > 20 + DoubleLog.Of(Math.Max(1, saddle.T))
            ? double.PositiveInfinity
            : _parts.Sum(part => part.Step.Count(saddle.T, frequency)) * (PerPoint + (frequency / step));
    }

    private double Step(Saddle saddle, double goal) =>
        2 * Math.PI / Math.Max(Left(saddle, goal), Right(saddle, Beyond(saddle), goal).Distance);

    private Saddle[] Beyond(Saddle saddle)
    {
        double width = Math.Sqrt(saddle.Curvature);
        Saddle[] others = new Saddle[5];
        for (int i = 0; i < others.Length; i++)
        {
            double t = Math.Min(Most, saddle.T + (i switch { 0 => 1, 1 => 2.5, 2 => 4.5, 3 => 6.5, _ => 10 } / width));
            others[i] = new Saddle(t, At(t).Log, 0, 0, 0, 0);
        }

        return others;
    }

    // How far the sum's next term to the left must lie, where δ is at most 1.
    private static double Left(Saddle saddle, double goal) => (Exponent(saddle.T) - goal) / saddle.T;

    // And to the right, where Chernoff's bound at another t holds.
    private static (double Distance, double Tilt) Right(Saddle saddle, ReadOnlySpan<Saddle> others, double goal)
    {
        (double least, double tilt) = (double.PositiveInfinity, saddle.T);
        foreach (Saddle other in others)
        {
            double chernoff = other.Log - (other.T * saddle.Epsilon) + Payoff(other.T);
            double distance = (chernoff - goal + Exponent(saddle.T)) / (other.T - saddle.T);
            (least, tilt) = distance < least ? (distance, other.T) : (least, tilt);
        }

        return (least, tilt);
    }

    private readonly record struct Saddle(
        double T, double Log, double Variance, double Epsilon, double Curvature, double LogDelta);
}
