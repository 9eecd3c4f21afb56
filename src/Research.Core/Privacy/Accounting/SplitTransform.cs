using System.Numerics;
using System.Runtime.CompilerServices;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>M = B + J of one release: the bulk, whose losses lie below a cut, and the jumps above, parted
/// smoothly.</summary>
/// <remarks>
/// Where few steps hit the record, B is nearly a point: its transform hardly falls along a line, but its weight lies
/// below ε, where it counts for nothing. J falls as fast as the parting is smooth: its share of loss L is Q(9.5·(1 −
/// L/cut)), which at no loss is 1e-21.
/// </remarks>
internal sealed class SplitTransform
{
    private const double Steepness = 9.5;
    private const double BulkEnd = 4; // In cuts: the bulk's share beyond is Q(28), 4e-173.
    private const double BulkTilt = 60;

    private readonly PrivacyEvent _event;
    private readonly double _cut;
    private readonly Points _bulk;
    private readonly double _jumpMass;
    private Points? _jumps;
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
        _bulk = Bulk(Frequency);
        _jumpMass = Jumps(0);
    }

    /// <summary>Gets the number per nat of the parting's slope: beyond some 7 times it, the jumps' transform is
    /// nothing.</summary>
    public double Sharpness => Steepness / _cut;

    // The slope needs points as dense as an oscillation of this frequency: √(2·42) over its width.
    private double Frequency => 9.2 * Sharpness;

    /// <summary>Gets ln B(t); infinite where it is out of range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LogBulk(double t)
    {
        double less = -_jumpMass; // B − 1: all masses sum to 1.
        for (int i = 0; i < _bulk.Share.Length; i++)
        {
            less += _bulk.Share[i] == 0 ? 0 : _bulk.Mass(i) * _bulk.Share[i] * DoubleExpM1.Of(t * _bulk.Nodes.Loss[i]);
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
            _jumps = All(_mostTilt, Frequency);
        }

        double sum = 0;
        for (int i = 0; i < _jumps.Share.Length; i++)
        {
            sum += _jumps.Share[i] == 0 ? 0 : _jumps.Tilted(i, t) * _jumps.Share[i];
        }

        return sum;
    }

    /// <summary>Chooses a line Re z = t, for |Im z| up to a frequency.</summary>
    /// <returns>The number of points that each evaluation takes.</returns>
    public int SetLine(double t, double frequency)
    {
        double perBulk = DoubleExp.Of(-LogBulk(t));
        Points bulk = Bulk(frequency + Frequency);
        Points jumps = All(t, frequency + Frequency);
        _jumpRatio = Jumps(t) * perBulk;
        _bulkLine = new(bulk.Nodes.Loss, i => bulk.Share[i] == 0 ? 0 : bulk.Tilted(i, t) * bulk.Share[i] * perBulk);
        _jumpLine = new(jumps.Nodes.Loss, i => jumps.Share[i] == 0 ? 0 : jumps.Tilted(i, t) * jumps.Share[i] * perBulk);
        return _bulkLine.Count + _jumpLine.Count;
    }

    /// <summary>Gets B(t + iy)/B(t) − 1 and J(t + iy)/B(t) on the line.</summary>
    public (Complex BulkLessOne, Complex Jumps) At(double y) => (_bulkLine!.At(y), _jumpRatio + _jumpLine!.At(y));

    private Points Bulk(double frequency)
    {
        LossNodes nodes = LossNodes.Of(_event, true, BulkTilt / _cut, frequency, BulkEnd * _cut);
        return new(nodes, [.. nodes.Loss.Select(
            loss => loss > BulkEnd * _cut ? 0 : NormalTail.Of(Steepness * ((loss / _cut) - 1)))]);
    }

    private Points All(double tilt, double frequency)
    {
        LossNodes nodes = LossNodes.Of(_event, true, tilt, frequency);
        return new(nodes, [.. nodes.Loss.Select(
            loss => loss < -_cut ? 0 : NormalTail.Of(Steepness * (1 - (loss / _cut))))]);
    }

    private sealed record Points(LossNodes Nodes, double[] Share)
    {
        public double Mass(int i) => DoubleExp.Of(Nodes.LogMass[i]);

        public double Tilted(int i, double t) => DoubleExp.Of(Math.FusedMultiplyAdd(t, Nodes.Loss[i], Nodes.LogMass[i]));
    }
}
