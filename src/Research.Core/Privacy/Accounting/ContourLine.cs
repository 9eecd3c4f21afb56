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
    private const double LeastSum = 1e-300;
    private const double Precision = 1e-13;

    private readonly double _t;
    private readonly double _log;
    private readonly double _step;
    private readonly List<Complex> _values;
    private readonly double _tail;
    private readonly double _alias;

    /// <summary>Keeps a line's values.</summary>
    /// <param name="t">Its place, Re z.</param>
    /// <param name="log">Logarithm of the transform at t.</param>
    /// <param name="step">Between values.</param>
    /// <param name="values">The transform at t + iy over that at t, over z(1 + z), from y = 0.</param>
    /// <param name="tail">What the sum leaves out at most.</param>
    /// <param name="alias">Bound on what the step adds to δ, relative.</param>
    public ContourLine(double t, double log, double step, List<Complex> values, double tail, double alias)
    {
        (_t, _log, _step, _values, _tail, _alias) = (t, log, step, values, tail, alias);
    }

    /// <summary>Gets the line's place, Re z.</summary>
    public double T => _t;

    /// <summary>Gets bounds on the ε at which ln δ(ε) is <paramref name="goal"/>; 0 where ln δ(0) is below.</summary>
    /// <exception cref="ContourException">Too few digits are left to find it.</exception>
    public EpsilonBounds Solve(double epsilon, double goal)
    {
        double low = 0;
        double high = double.PositiveInfinity;
        for (int i = 0; i < 100; i++)
        {
            (double log, double slope) = LogDelta(epsilon);
            double excess = log - goal;
            if (epsilon == 0 && excess + Errors(0).Under <= 0)
            {
                return default;
            }

            (low, high) = excess > 0 ? (epsilon, high) : (low, epsilon); // Nothing left of the sum: ε is too large.
            double next = slope > 0 ? epsilon + (excess / slope) : double.NaN;
            if (!(next >= low && next <= high))
            {
                next = double.IsInfinity(high) ? (2 * low) + (1 / _t) : low + ((high - low) / 2);
            }

            if (Math.Abs(next - epsilon) <= Precision * Math.Max(1 / _t, epsilon))
            {
                (double under, double over) = Errors(next);
                return new EpsilonBounds(Math.Max(0, next - (over / slope)), next + (under / slope));
            }

            epsilon = next;
        }

        throw new ContourException("Newton's iteration did not end.");
    }

    // And what it falls by for each unit of ε.
    private (double Log, double Slope) LogDelta(double epsilon)
    {
        (double sum, double derivative, _) = Sum(epsilon);
        return sum > LeastSum
            ? (_log - (_t * epsilon) + DoubleLog.Of(sum), _t - (derivative / sum))
            : (double.NaN, double.NaN);
    }

    // Relative: δ is at most 1 + under and at least 1 − over times what is computed.
    private (double Under, double Over) Errors(double epsilon)
    {
        (double sum, _, double sizes) = Sum(epsilon);
        double under = (SumRounding * sizes / sum)
            + (LogRounding * (Math.Abs(_log) + Math.Abs(_t * epsilon) + 1))
            + (4 * _tail / sum);
        return (under, under + _alias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Value, double Derivative, double Sizes) Sum(double epsilon)
    {
        double sum = 0.5 * _values[0].Real;
        double sizes = sum;
        double derivative = 0;
        for (int n = _values.Count - 1; n > 0; n--)
        {
            double y = n * _step;
            (double sin, double cos) = SinCos(y * epsilon);
            sum += (_values[n].Real * cos) + (_values[n].Imaginary * sin);
            derivative += y * ((_values[n].Imaginary * cos) - (_values[n].Real * sin));
            sizes += Math.Abs(_values[n].Real) + Math.Abs(_values[n].Imaginary);
        }

        double scale = _step / Math.PI;
        return (sum * scale, derivative * scale, sizes * scale);
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
}
