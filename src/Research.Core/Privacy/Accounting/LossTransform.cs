using System.Numerics;
using System.Runtime.CompilerServices;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>M(z) = E[e^(zL)] of one release: on the real axis, and on a vertical line relative to its real
/// point.</summary>
internal sealed class LossTransform(PrivacyEvent e, bool isRemoval, WorkBudget budget)
{
    private const double LargestPlain = 30; // Exponents up to here are summed as they are, with full precision near 0.

    /// <summary>What a transform is to its own value at no frequency once it has faded, up to rounding.</summary>
    public const double Faded = 2e-15;

    private const double FadedOfAll = 1e-18;
    private const double SplitFrom = 60;
    private const double PerPoint = 12; // Operations of one moment.

    private LossNodes? _nodes;
    private double _cut = double.PositiveInfinity;
    private double _jumps;
    private double _mostTilt;
    private Oscillation? _line;

    /// <summary>Gets whether the loss has a smooth density, so that the transform falls for good along a line.</summary>
    public bool IsContinuous => e is GaussianEvent;

    /// <summary>Gets the largest t.</summary>
    public double Most { get; } = LossNodes.MostTilt(e, isRemoval);

    /// <summary>Gets the number of points that a line would take.</summary>
    public double Count(double t, double frequency) => Math.Min(
        LossNodes.Count(e, isRemoval, t, frequency),
        HasJumps && frequency > SplitFrom ? 300 + (3000 / ((GaussianEvent)e).NoiseMultiplier) : double.PositiveInfinity);

    private bool HasJumps => isRemoval && e is GaussianEvent { SampleRate: < 1 };

    /// <summary>Gets ln M(t), and mean and variance of the loss when its distribution is tilted by e^(tL).</summary>
    /// <param name="t">0 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Log, double Mean, double Variance) At(double t)
    {
        if (_nodes is null || t > _mostTilt)
        {
            _mostTilt = Math.Min(1.5 * t, Most);
            _nodes = LossNodes.Of(e, isRemoval, _mostTilt, 0, budget);
        }

        budget.Spend(_nodes.Loss.Length * PerPoint);
        double log = Log(_nodes, t);
        double mean = 0;
        double square = 0;
        double weight = 0;
        for (int i = 0; i < _nodes.Loss.Length; i++)
        {
            double tilted = DoubleExp.Of(Math.FusedMultiplyAdd(t, _nodes.Loss[i], _nodes.LogMass[i]) - log);
            if (tilted > 0)
            {
                // West 1979: mean and variance without cancellation.
                double before = mean;
                weight += tilted;
                mean += tilted / weight * (_nodes.Loss[i] - mean);
                square += tilted * (_nodes.Loss[i] - before) * (_nodes.Loss[i] - mean);
            }
        }

        return (log, mean, square);
    }

    /// <summary>Gets the mean size of the loss when its distribution is tilted by e^(tL): what rounding moves the
    /// exponents by, in units of t and of rounding.</summary>
    public double MeanSize(double t)
    {
        double log = At(t).Log;
        double size = 0;
        for (int i = 0; i < _nodes!.Loss.Length; i++)
        {
            size += _nodes.Tilted(i, t, log) * Math.Abs(_nodes.Loss[i]);
        }

        return size;
    }

    /// <summary>Chooses a line Re z = t, for |Im z| within a range, after the ranges below it.</summary>
    /// <remarks>
    /// The higher the frequency, the smaller the losses that still count: the smooth upper part of the distribution, above a
    /// cut of 88 over the lowest frequency, mostly has a transform below e⁻⁴³ of itself there. Where it is seen to have faded,
    /// it is left out, and with it the many points that such losses would take.
    /// </remarks>
    /// <returns>The number of points that each evaluation takes.</returns>
    public int SetLine(double t, double from, double to)
    {
        double log = At(t).Log;
        if (!HasJumps || from < SplitFrom)
        {
            (_cut, _jumps) = (double.PositiveInfinity, 0);
            LossNodes all = LossNodes.Of(e, isRemoval, t, to, budget);
            log = Log(all, t);
            _line = new Oscillation(all.Loss, i => all.Tilted(i, t, log));
            return _line.Count;
        }

        double cut = LossNodes.Reach / from;
        LossNodes nodes = LossNodes.Of(
            e, isRemoval, t, to + LossNodes.ShareFrequency(cut), budget, LossNodes.BulkEnd * _cut);
        double[] weights = new double[nodes.Loss.Length];
        double mass = 0;
        for (int i = 0; i < nodes.Loss.Length; i++)
        {
            // What the last cut kept and this one leaves out, from the smaller of the two shares.
            double jump = LossNodes.JumpShare(nodes.Loss[i], cut);
            double share = jump < 0.5
                ? jump - LossNodes.JumpShare(nodes.Loss[i], _cut)
                : LossNodes.BulkShare(nodes.Loss[i], _cut) - LossNodes.BulkShare(nodes.Loss[i], cut);
            weights[i] = share * nodes.Tilted(i, t, log);
            mass += weights[i];
        }

        Complex left = mass + new Oscillation(nodes.Loss, i => weights[i]).At(from);
        (_cut, _jumps) = Complex.Abs(left) <= (Faded * mass) + FadedOfAll ? (cut, _jumps + mass) : (_cut, _jumps);
        _line = new Oscillation(nodes.Loss, i => nodes.Tilted(i, t, log) * LossNodes.BulkShare(nodes.Loss[i], _cut));
        return _line.Count;
    }

    /// <summary>Gets M(t + iy)/M(t) − 1 on the line.</summary>
    public Complex RatioLessOne(double y) => _line!.At(y) - _jumps;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Log(LossNodes nodes, double t)
    {
        double most = double.NegativeInfinity;
        double steepest = 0;
        for (int i = 0; i < nodes.Loss.Length; i++)
        {
            most = Math.Max(most, Math.FusedMultiplyAdd(t, nodes.Loss[i], nodes.LogMass[i]));
            steepest = Math.Max(steepest, t * nodes.Loss[i]);
        }

        double sum = 0;
        if (steepest < LargestPlain)
        {
            // The masses sum to 1: what is summed is M − 1.
            for (int i = 0; i < nodes.Loss.Length; i++)
            {
                sum += DoubleExp.Of(nodes.LogMass[i]) * DoubleExpM1.Of(t * nodes.Loss[i]);
            }

            return DoubleLog1P.Of(sum);
        }

        for (int i = 0; i < nodes.Loss.Length; i++)
        {
            sum += DoubleExp.Of(Math.FusedMultiplyAdd(t, nodes.Loss[i], nodes.LogMass[i]) - most);
        }

        return most + DoubleLog.Of(sum);
    }
}
