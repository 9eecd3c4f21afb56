using System.Numerics;
using System.Runtime.CompilerServices;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>M = B + J of one release: the bulk, whose losses lie below a cut, and the jumps above, parted smoothly.</summary>
/// <remarks>
/// Where few steps hit the record, B is nearly a point: its transform hardly falls along a line, but its weight lies below ε,
/// where it counts for nothing. J falls as fast as the parting is smooth (<see cref="LossNodes.JumpShare"/>).
/// </remarks>
internal sealed class SplitTransform
{
    private const double PerPoint = 12; // Operations of one moment.
    private const double LeastJumps = 1e-280; // Below, the weights lose digits.
    private const double LastCut = 16;
    private const double RestrictFrom = 60;
    private const double FadedOfAll = 1e-8; // Of all jumps.

    private readonly PrivacyEvent _event;
    private readonly double _cut;
    private readonly double _depth;
    private readonly WorkBudget _budget;
    private readonly LossNodes _bulk;
    private readonly double[] _bulkShare;
    private readonly double _jumpMass;
    private (LossNodes Nodes, double[] Share)? _jumps;
    private double _mostTilt;
    private Oscillation? _bulkLine;
    private Oscillation? _jumpLine;
    private double _jumpRatio;
    private double _end = double.PositiveInfinity;

    /// <summary>Parts a release's loss, with the record against without.</summary>
    /// <param name="e">The event.</param>
    /// <param name="cut">Where half of the weight goes to either side, in nats, above 0.</param>
    /// <param name="lightest">Logarithm of the least weight that jumps may have and count, below 0: where they are rarer
    /// than e⁻⁴⁶, points that weigh little beside the bulk are all there is of them.</param>
    /// <param name="budget">Pays for the points.</param>
    /// <exception cref="ContourException">There would be too many points, or more than the budget pays.</exception>
    public SplitTransform(PrivacyEvent e, double cut, double lightest, WorkBudget budget)
    {
        (_event, _cut, _depth, _budget) = (e, cut, LossNodes.Depth - lightest, budget);
        _bulk = Bulk(0);
        _bulkShare = [.. _bulk.Loss.Select(loss => LossNodes.BulkShare(loss, cut))];
        _jumpMass = Jumps(0);
    }

    /// <summary>Gets the largest t at which ln B is known: what the points leave out then falls off beyond them.</summary>
    public double MostBulkTilt => LossNodes.BulkTilt / _cut;

    /// <summary>Gets what the line left out that had not faded to nothing, relative to J(t).</summary>
    public double LeftOut { get; private set; }

    /// <summary>Gets ln B(t), rounded up by what lies beyond the points; infinite where it is out of range.</summary>
    /// <remarks>
    /// Beyond two cuts the bulk's share of a loss L is Q(9.5·(L/cut − 1)), and e^(tL) times that falls while t·cut is at
    /// most 9.5². So what is missing is at most the value at two cuts, times the mass there, all but all of it jumps.
    /// </remarks>
    /// <param name="t">0 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LogBulk(double t)
    {
        if (!(t <= MostBulkTilt))
        {
            return double.PositiveInfinity;
        }

        _budget.Spend(_bulkShare.Length * PerPoint);
        double beyond = _jumpMass * DoubleExp.Of((LossNodes.BulkEnd * t * _cut) + LossNodes.LogShareAtBulkEnd);
        double less = beyond - _jumpMass; // B − 1: all masses sum to 1.
        for (int i = 0; i < _bulkShare.Length; i++)
        {
            less += _bulkShare[i] == 0
                ? 0
                : DoubleExp.Of(_bulk.LogMass[i]) * _bulkShare[i] * DoubleExpM1.Of(t * _bulk.Loss[i]);
        }

        return less > -1 && double.IsFinite(less) ? DoubleLog1P.Of(less) : double.PositiveInfinity;
    }

    /// <summary>Gets J(t); infinite where it leaves double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Jumps(double t)
    {
        if (_jumps is null || t > _mostTilt)
        {
            _mostTilt = 1.5 * t;
            _jumps = JumpPoints(_mostTilt, 0, _cut, double.PositiveInfinity);
        }

        _budget.Spend(_jumps.Value.Share.Length * PerPoint);
        (LossNodes nodes, double[] share) = _jumps.Value;
        double sum = 0;
        for (int i = 0; i < share.Length; i++)
        {
            sum += share[i] * nodes.Tilted(i, t, 0);
        }

        return sum >= LeastJumps
            ? sum
            : throw new ContourException("The jumps are too rare for double precision.");
    }

    /// <summary>Gets the mean size of the bulk's loss, and of the jumps', when tilted by e^(tL).</summary>
    public (double Bulk, double Jumps) MeanSizes(double t)
    {
        double log = LogBulk(t);
        double bulk = 0;
        for (int i = 0; i < _bulkShare.Length; i++)
        {
            bulk += _bulkShare[i] == 0 ? 0 : _bulkShare[i] * _bulk.Tilted(i, t, log) * Math.Abs(_bulk.Loss[i]);
        }

        double weight = Jumps(t);
        (LossNodes nodes, double[] share) = _jumps!.Value;
        double jumps = 0;
        for (int i = 0; i < share.Length; i++)
        {
            jumps += share[i] * nodes.Tilted(i, t, 0) * Math.Abs(nodes.Loss[i]);
        }

        return (bulk, jumps / weight);
    }

    /// <summary>Chooses a line Re z = t, for |Im z| within a range, after the ranges below it.</summary>
    /// <remarks>
    /// The larger a jump, the sooner its transform fades: what has faded where the range begins is left out. Whether it has
    /// is computed, for it may not: of jumps that are rarer than the smallest share, what is above a cut is that share of the
    /// bulk, which does not fade; and where σ is large, jumps are alike.
    /// </remarks>
    /// <returns>The number of points that each evaluation takes.</returns>
    public int SetLine(double t, double from, double to)
    {
        double log = LogBulk(t);
        LossNodes bulk = Bulk(to);
        _bulkLine = new(bulk.Loss, i => bulk.Tilted(i, t, log) * LossNodes.BulkShare(bulk.Loss[i], _cut));

        double end = End(LossNodes.Reach / from);
        (_end, LeftOut) = from < RestrictFrom ? (double.PositiveInfinity, 0) : (_end, LeftOut);
        if (from >= RestrictFrom && end < _end && HasFaded(t, log, from, end))
        {
            _end = end;
        }

        (LossNodes jumps, double[] weights) = JumpPoints(t, to, _cut, _end);
        _jumpRatio = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= jumps.Tilted(i, t, log);
            _jumpRatio += weights[i];
        }

        _jumpLine = new(jumps.Loss, i => weights[i]);
        return _bulkLine.Count + _jumpLine.Count;
    }

    /// <summary>Gets B(t + iy)/B(t) − 1 and J(t + iy)/B(t) on the line.</summary>
    public (Complex BulkLessOne, Complex Jumps) At(double y) => (_bulkLine!.At(y), _jumpRatio + _jumpLine!.At(y));

    // The least cut of the layers that is not below.
    private double End(double least)
    {
        double end = _cut;
        while (end < least)
        {
            end = Next(end);
        }

        return end;
    }

    private static double Next(double cut) => 2 * cut < LastCut ? 2 * cut : double.PositiveInfinity;

    private bool HasFaded(double t, double log, double frequency, double from)
    {
        (LossNodes nodes, double[] weights) = JumpPoints(t, frequency, from, _end);
        double mass = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= nodes.Tilted(i, t, log);
            mass += weights[i];
        }

        Complex left = mass + new Oscillation(nodes.Loss, i => weights[i]).At(frequency);
        double share = Complex.Abs(left) / (Jumps(t) * DoubleExp.Of(-log));
        if (!(share <= FadedOfAll))
        {
            return false;
        }

        LeftOut += share;
        return true;
    }

    private LossNodes Bulk(double frequency) => LossNodes.Of(
        _event,
        true,
        MostBulkTilt,
        frequency + LossNodes.ShareFrequency(_cut),
        _budget,
        LossNodes.BulkEnd * _cut);

    // The jumps in layers between one cut and its double, from a cut to an end: the larger a loss, the fewer points it takes.
    private (LossNodes Nodes, double[] Share) JumpPoints(double tilt, double frequency, double start, double end)
    {
        List<double> logMass = [];
        List<double> loss = [];
        List<double> share = [];
        for (double cut = start; cut < end; cut = Next(cut))
        {
            double next = Next(cut);
            LossNodes layer = LossNodes.Of(
                _event,
                true,
                tilt,
                frequency + LossNodes.ShareFrequency(cut),
                _budget,
                LossNodes.BulkEnd * next,
                _depth);
            for (int i = 0; i < layer.Loss.Length; i++)
            {
                double part = LossNodes.JumpShare(layer.Loss[i], cut);
                part = part < 0.5
                    ? part - LossNodes.JumpShare(layer.Loss[i], next)
                    : LossNodes.BulkShare(layer.Loss[i], next) - LossNodes.BulkShare(layer.Loss[i], cut);
                if (part > 0)
                {
                    logMass.Add(layer.LogMass[i]);
                    loss.Add(layer.Loss[i]);
                    share.Add(part);
                }
            }
        }

        return (new LossNodes([.. logMass], [.. loss]), [.. share]);
    }
}
