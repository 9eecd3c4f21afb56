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
    private const double BulkTilt = 60;
    private const double LastCut = 16;
    private const double RestrictFrom = 60;

    private readonly PrivacyEvent _event;
    private readonly double _cut;
    private readonly LossNodes _bulk;
    private readonly double[] _bulkShare;
    private readonly double _jumpMass;
    private (LossNodes Nodes, double[] Share)? _jumps;
    private double _mostTilt;
    private Oscillation? _bulkLine;
    private Oscillation? _jumpLine;
    private double _jumpRatio;

    /// <summary>Parts a release's loss, with the record against without.</summary>
    /// <param name="e">The event.</param>
    /// <param name="cut">Where half of the weight goes to either side, in nats, above 0.</param>
    /// <exception cref="ContourException">There would be too many points.</exception>
    public SplitTransform(PrivacyEvent e, double cut)
    {
        (_event, _cut) = (e, cut);
        _bulk = Bulk(0);
        _bulkShare = [.. _bulk.Loss.Select(loss => LossNodes.BulkShare(loss, cut))];
        _jumpMass = Jumps(0);
    }

    /// <summary>Gets ln B(t); infinite where it is out of range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LogBulk(double t)
    {
        double less = -_jumpMass; // B − 1: all masses sum to 1.
        for (int i = 0; i < _bulkShare.Length; i++)
        {
            less += _bulkShare[i] == 0
                ? 0
                : DoubleExp.Of(_bulk.LogMass[i]) * _bulkShare[i] * DoubleExpM1.Of(t * _bulk.Loss[i]);
        }

        return less > -1 && double.IsFinite(less) ? DoubleLog1P.Of(less) : double.PositiveInfinity;
    }

    /// <summary>Gets J(t).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Jumps(double t)
    {
        if (_jumps is null || t > _mostTilt)
        {
            _mostTilt = 1.5 * t;
            _jumps = JumpPoints(_mostTilt, 0, double.PositiveInfinity);
        }

        (LossNodes nodes, double[] share) = _jumps.Value;
        double sum = 0;
        for (int i = 0; i < share.Length; i++)
        {
            sum += share[i] * nodes.Tilted(i, t, 0);
        }

        return sum;
    }

    /// <summary>Chooses a line Re z = t, for |Im z| within a range.</summary>
    /// <returns>The number of points that each evaluation takes.</returns>
    public int SetLine(double t, double from, double to)
    {
        double log = LogBulk(t);
        LossNodes bulk = Bulk(to);
        _bulkLine = new(bulk.Loss, i => bulk.Tilted(i, t, log) * LossNodes.BulkShare(bulk.Loss[i], _cut));

        // Larger jumps no longer count: see LossTransform.SetLine.
        double end = from < RestrictFrom ? double.PositiveInfinity : LossNodes.Reach / from;
        (LossNodes jumps, double[] weights) = JumpPoints(t, to, end);
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

    private LossNodes Bulk(double frequency) => LossNodes.Of(
        _event, true, BulkTilt / _cut, frequency + LossNodes.ShareFrequency(_cut), LossNodes.BulkEnd * _cut);

    // The jumps in layers between one cut and its double, up to an end: the larger a loss, the fewer points it takes.
    private (LossNodes Nodes, double[] Share) JumpPoints(double tilt, double frequency, double end)
    {
        List<double> logMass = [];
        List<double> loss = [];
        List<double> share = [];
        for (double cut = _cut; cut < end; cut *= 2)
        {
            double next = 2 * cut < LastCut ? 2 * cut : double.PositiveInfinity;
            LossNodes layer = LossNodes.Of(
                _event, true, tilt, frequency + LossNodes.ShareFrequency(cut), LossNodes.BulkEnd * next);
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

            if (double.IsInfinity(next))
            {
                break;
            }
        }

        return (new LossNodes([.. logMass], [.. loss]), [.. share]);
    }
}
