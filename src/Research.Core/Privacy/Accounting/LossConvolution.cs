using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The law of a plan's privacy loss in one direction, on a lattice, from above and from below.</summary>
/// <remarks>
/// Both laws are tilted by e^(tℓ), so that the rounding of the transform is small beside the masses near ε, and known
/// modulo
/// n·h. Rounding, wrap-around and cut-off are bounded and go to δ with the sign that hurts; PROOFS.md, "Privacy loss
/// on a grid".
/// </remarks>
internal sealed class LossConvolution
{
    private const double MassRounding = 4e-13; // Relative, of one step's mass: quadrature and logarithms.

    private readonly double _step;
    private readonly double _tilt;
    private readonly double _cut; // Mass beyond the cuts, in all.
    private readonly double _margin; // Of ε.
    private readonly Law _upper;
    private readonly Law _lower;

    /// <param name="plan">One step's loss and the number of steps.</param>
    /// <param name="step">h.</param>
    /// <param name="tilt">t, above 0.</param>
    /// <param name="points">n, a power of 2.</param>
    /// <param name="reach">Distance of the window's end from the tilted mean, below and above.</param>
    /// <param name="chernoff">Tilts beyond t with which the mass outside the window is bounded, below and
    /// above.</param>
    public LossConvolution(
        IReadOnlyList<(OneStepLoss Loss, int Steps)> plan, double step, double tilt, int points,
        double reach, (double Below, double Above) chernoff)
    {
        (_step, _tilt) = (step, tilt);
        SpectrumPower spectrum = new(new FourierTransform(points));
        List<(TiltedLattice Upper, TiltedLattice Lower, int Steps)> parts = [];
        (double upperLog, double lowerLog, double offset, double steps) = (0, 0, 0, 0);
        (double upperMean, double lowerMean) = (0, 0);
        long origin = 0;
        foreach ((OneStepLoss loss, int count) in plan)
        {
            LossLattice lattice = loss.Discretize(step);
            TiltedLattice upper = new(lattice.Above, lattice.First, step, tilt);
            TiltedLattice lower = new(lattice.Below, lattice.First, step, tilt);
            spectrum.Multiply(upper, lower, upper.Peak, count);
            parts.Add((upper, lower, count));
            upperLog += count * upper.LogMoment;
            lowerLog += count * (lower.LogMoment + (tilt * lattice.Offset));
            offset += count * lattice.Offset;
            upperMean += count * (upper.Mean - upper.Peak);
            lowerMean += count * (lower.Mean - upper.Peak);
            origin += (long)count * (lattice.First + upper.Peak);
            steps += count;
            _cut += 2 * count * loss.Beyond;
            _margin += 2 * count * ((LossLattice.LossRounding * Math.Max(Math.Abs(loss.Least), loss.Greatest))
                + (LossLattice.PlaceRounding * step));
        }

        (double[] above, double[] below, double aboveError, double belowError) = spectrum.Invert();
        long upperStart = (long)Math.Floor(upperMean - (reach / step));
        long lowerStart = (long)Math.Floor(lowerMean - (reach / step));
        double Outside(long start, Func<(TiltedLattice Upper, TiltedLattice Lower, int Steps), TiltedLattice> which)
        {
            double right = -chernoff.Above * step * (start + points);
            double left = chernoff.Below * step * start;
            foreach ((TiltedLattice Upper, TiltedLattice Lower, int Steps) part in parts)
            {
                right += part.Steps * which(part).LogMomentAround(part.Upper.Peak, chernoff.Above);
                left += part.Steps * which(part).LogMomentAround(part.Upper.Peak, -chernoff.Below);
            }

            return DoubleExp.Of(right) + DoubleExp.Of(left);
        }

        double geometric = (1 / DoubleExpM1.Of(tilt * step)) - (1 / DoubleExpM1.Of((tilt + 1) * step));
        double Error(double entry, double outside) => (1.01 * geometric * entry) + (1.01 * outside / (1 + tilt));
        double margin = 1e-11 + (steps * MassRounding) + (Math.Min(points, 20 / (tilt * step)) * 1e-15);
        _upper = new Law(
            Rotated(above, upperStart), origin + upperStart, upperLog, 0,
            Error(aboveError, Outside(upperStart, p => p.Upper)), 1 + margin);
        _lower = new Law(
            Rotated(below, lowerStart), origin + lowerStart, lowerLog, offset,
            -Error(belowError, Outside(lowerStart, p => p.Lower)), 1 - margin);
    }

    /// <summary>Gets bounds on ε.</summary>
    public (double Lower, double Upper) Epsilon(double delta) =>
        (Math.Max(Epsilon(_lower, delta + _cut) - _margin, 0), Math.Max(Epsilon(_upper, delta - _cut) + _margin, 0));

    /// <summary>Gets bounds on δ.</summary>
    public (double Lower, double Upper) Delta(double epsilon) => (
        Math.Clamp(Delta(_lower, epsilon + _margin) - _cut, 0, 1),
        Math.Clamp(Delta(_upper, epsilon - _margin) + _cut, 0, 1));

    private double Epsilon(Law law, double delta)
    {
        if (!(delta > 0))
        {
            return double.PositiveInfinity; // Less than what was cut off.
        }

        Tail tail = new(law, _step, _tilt);
        double after = 0;
        double goal = DoubleLog.Of(delta);
        for (long i = law.Masses.Length; ; i--)
        {
            double at = ((law.First + i) * _step) + law.Offset;
            double logDelta = tail.LogDelta(law, at, _tilt);
            if (logDelta > goal)
            {
                if (i == law.Masses.Length)
                {
                    return law.Error > 0 ? double.PositiveInfinity : at;
                }

                double here = DoubleExp.Of(logDelta - goal);
                double part = (here - 1) / (here - after);
                return at + DoubleLog1P.Of(part * DoubleExpM1.Of(_step));
            }

            after = DoubleExp.Of(logDelta - goal);
            if (at <= 0 || i < -4L * law.Masses.Length)
            {
                return law.Error > 0 ? at : Math.Min(at, 0);
            }

            tail.Retreat(i - 1 >= 0 && i - 1 < law.Masses.Length ? law.Masses[i - 1] : 0);
        }
    }

    private double Delta(Law law, double epsilon)
    {
        Tail tail = new(law, _step, _tilt);
        double after = 0;
        for (long i = law.Masses.Length; ; i--)
        {
            double at = ((law.First + i) * _step) + law.Offset;
            double here = DoubleExp.Of(Math.Min(tail.LogDelta(law, at, _tilt), 700));
            if (at <= epsilon)
            {
                return i == law.Masses.Length // ε beyond the window: the end's δ serves, from above only.
                    ? (law.Error > 0 ? here : 0)
                    : here + ((after - here) * DoubleExpM1.Of(epsilon - at) / DoubleExpM1.Of(_step));
            }

            if (i < -4L * law.Masses.Length)
            {
                return law.Error > 0 ? 1 : after;
            }

            after = here;
            tail.Retreat(i - 1 >= 0 && i - 1 < law.Masses.Length ? law.Masses[i - 1] : 0);
        }
    }

    private static double[] Rotated(double[] law, long start)
    {
        double[] rotated = new double[law.Length];
        for (int i = 0; i < law.Length; i++)
        {
            rotated[i] = Math.Max(law[(int)((start + i) & (law.Length - 1))], 0);
        }

        return rotated;
    }

    /// <summary>Tilted masses from the window's first point on, and how far δ may be off.</summary>
    /// <param name="Masses">They are 0 or more.</param>
    /// <param name="First">Index of the window's first point.</param>
    /// <param name="LogMoment">ln E[e^(tL)].</param>
    /// <param name="Offset">Place of point 0.</param>
    /// <param name="Error">Added to δ·e^(tε)/E[e^(tL)]; its sign tells the bound's.</param>
    /// <param name="Factor">Of the same.</param>
    private sealed record Law(
        double[] Masses, long First, double LogMoment, double Offset, double Error, double Factor);

    /// <summary>δ·e^(tε)/E[e^(tL)] at the points of the lattice, from the right; every term is positive.</summary>
    private struct Tail(Law law, double step, double tilt)
    {
        private readonly double _fade = DoubleExp.Of(-tilt * step);
        private readonly double _fadeMore = DoubleExp.Of(-(tilt + 1) * step);
        private readonly double _gain = -DoubleExpM1.Of(-step);
        private double _delta; // Σ mass·e^(−td)·(1 − e^(−d)), d the distance to the right.
        private double _weight; // Σ mass·e^(−(t+1)d).

        /// <summary>Moves one point to the left; <paramref name="mass"/> sits on the point that it moves to, and counts
        /// from the next on.</summary>
        public void Retreat(double mass)
        {
            _delta = _fade * (_delta + (_weight * _gain));
            _weight = (_fadeMore * _weight) + mass;
        }

        /// <summary>Gets ln δ at the present point, or a bound on it.</summary>
        public readonly double LogDelta(Law bound, double at, double slope)
        {
            double scaled = (_delta * law.Factor) + bound.Error;
            return scaled > 0 ? bound.LogMoment - (slope * at) + DoubleLog.Of(scaled) : double.NegativeInfinity;
        }
    }
}
