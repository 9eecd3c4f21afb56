using System.Numerics;
using System.Runtime.CompilerServices;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>ln δ(ε) as a sum along one vertical line, for any ε.</summary>
internal sealed class ContourLine
{
    // Assumed, not proven: relative to the sizes of what is summed, and to the exponents. See PROOFS.md.
    private const double SumRounding = 1e-14;
    private const double LogRounding = 4e-15;
    private const double AngleRounding = 4.5e-16; // Four roundings of a product.
    private const double LeastSum = 1e-300;
    private const double Precision = 1e-13;
    private const double MostError = 0.01;
    private const double Slack = 1.02; // Errors and slopes differ a little from place to place.

    private readonly double _t;
    private readonly double _log;
    private readonly double _step;
    private readonly List<Complex> _values;
    private readonly double _tail;
    private readonly LineErrors _errors;

    /// <summary>Keeps a line's values.</summary>
    /// <param name="t">Its place, Re z.</param>
    /// <param name="log">Logarithm of the transform at t.</param>
    /// <param name="step">Between values.</param>
    /// <param name="values">The transform at t + iy over that at t, over z(1 + z), from y = 0.</param>
    /// <param name="tail">What the sum leaves out at most.</param>
    /// <param name="errors">What else it is off by.</param>
    public ContourLine(double t, double log, double step, List<Complex> values, double tail, LineErrors errors)
    {
        (_t, _log, _step, _values, _tail, _errors) = (t, log, step, values, tail, errors);
    }

    /// <summary>Gets the line's place, Re z.</summary>
    public double T => _t;

    /// <summary>Gets bounds on the ε at which ln δ(ε) is <paramref name="goal"/>; 0 where ln δ(0) is below.</summary>
    /// <remarks>Newton's iteration only guesses: each bound is where δ, with its errors, was computed and is on the
    /// right side.</remarks>
    /// <exception cref="ContourException">Too few digits are left to find it.</exception>
    public EpsilonBounds Solve(double epsilon, double goal)
    {
        double low = 0;
        double high = double.PositiveInfinity;
        for (int i = 0; i < 100; i++)
        {
            Point at = At(epsilon);
            double excess = at.Log - goal;
            if (epsilon == 0 && excess + at.Under <= 0)
            {
                return default;
            }

            (low, high) = excess > 0 ? (epsilon, high) : (low, epsilon); // Nothing left of the sum: ε is too large.
            double next = at.Slope > 0 ? epsilon + (excess / at.Slope) : double.NaN;
            if (!(next >= low && next <= high))
            {
                next = double.IsInfinity(high) ? (2 * low) + (1 / _t) : low + ((high - low) / 2);
            }

            if (Math.Abs(next - epsilon) <= Precision * Math.Max(1 / _t, epsilon))
            {
                return new EpsilonBounds(Lower(next, goal), Upper(next, goal));
            }

            epsilon = next;
        }

        throw new ContourException("Newton's iteration did not end.");
    }

    private double Upper(double near, double goal)
    {
        Point at = At(near);
        for (double pace = Slack; pace < 20; pace *= 2)
        {
            double bound = near + (pace * Math.Max(at.Under, at.Log + at.Under - goal) / at.Slope);
            Point there = At(bound);
            if (there.Under <= MostError && there.Log + there.Under <= goal)
            {
                return bound;
            }
        }

        throw new ContourException("Rounding leaves too few digits of the integral.");
    }

    private double Lower(double near, double goal)
    {
        Point at = At(near);
        for (double pace = Slack; pace < 20; pace *= 2)
        {
            double bound = near - (pace * Math.Max(at.Over, goal - at.Log + at.Over) / at.Slope);
            if (!(bound > 0))
            {
                break;
            }

            Point there = At(bound);
            if (there.Over <= MostError && there.Log + DoubleLog1P.Of(-there.Over) >= goal)
            {
                return bound;
            }
        }

        return 0;
    }

    private Point At(double epsilon)
    {
        (double sum, double derivative, double sizes, double turns) = Sum(epsilon);
        if (!(sum > LeastSum))
        {
            return new(double.NaN, double.NaN, double.PositiveInfinity, double.PositiveInfinity);
        }

        double under = (((SumRounding + _errors.Values) * sizes)
            + (AngleRounding * (_errors.Angles + epsilon) * turns) + (4 * _tail)) / sum;
        under += (LogRounding * (Math.Abs(_log) + Math.Abs(_t * epsilon) + 1))
            + (AngleRounding * _errors.Angles * _t) + _errors.Values + _errors.Omitted;
        double over = under
            + (_errors.Alias * DoubleExp.Of(_errors.AliasTilt * Math.Max(0, _errors.AliasEpsilon - epsilon)));
        return new(_log - (_t * epsilon) + DoubleLog.Of(sum), _t - (derivative / sum), under, over);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Value, double Derivative, double Sizes, double Turns) Sum(double epsilon)
    {
        double sum = 0.5 * _values[0].Real;
        double sizes = sum;
        double derivative = 0;
        double turns = 0; // Sizes times frequencies.
        for (int n = _values.Count - 1; n > 0; n--)
        {
            double y = n * _step;
            (double sin, double cos) = SinCos(y * epsilon);
            sum += (_values[n].Real * cos) + (_values[n].Imaginary * sin);
            derivative += y * ((_values[n].Imaginary * cos) - (_values[n].Real * sin));
            double size = Math.Abs(_values[n].Real) + Math.Abs(_values[n].Imaginary);
            sizes += size;
            turns += y * size;
        }

        double scale = _step / Math.PI;
        return (sum * scale, derivative * scale, sizes * scale, turns * scale);
    }

    private static (double Sin, double Cos) SinCos(double angle)
    {
        double quarters = angle * (2 / Math.PI);
        double whole = Math.Round(quarters);
        (double sin, double cos) = DoubleSinCos.OfQuarterTurns(quarters - whole);
        return ((long)whole & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>The sum at an ε.</summary>
    /// <param name="Log">ln δ, as computed.</param>
    /// <param name="Slope">What it falls by for each unit of ε.</param>
    /// <param name="Under">δ is at most 1 + this times what is computed.</param>
    /// <param name="Over">And at least 1 − this times.</param>
    private readonly record struct Point(double Log, double Slope, double Under, double Over);
}
